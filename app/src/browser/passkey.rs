//! Passkeys, through the browser's own Web Authentication (Level 3 §5.1). What is asked and answered is JSON, which the
//! browser itself reads and writes, so that nothing about keys is understood here.

use js_sys::{Function, JSON, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// Has a passkey sign: from the JSON of `PublicKeyCredentialRequestOptions` to that of `PublicKeyCredential`.
///
/// # Errors
/// When there is no such passkey, its person said no, or the browser knows no passkeys.
pub async fn answer(options_json: &str) -> Result<String, ()> {
    credential("get", "parseRequestOptionsFromJSON", options_json).await.map_err(drop)
}

/// Makes a passkey: from the JSON of `PublicKeyCredentialCreationOptions` to that of `PublicKeyCredential`.
///
/// # Errors
/// When there is one already, its person said no, or the browser knows no passkeys.
pub async fn create(options_json: &str) -> Result<String, ()> {
    credential("create", "parseCreationOptionsFromJSON", options_json).await.map_err(drop)
}

async fn credential(method: &str, reader: &str, options_json: &str) -> Result<String, JsValue> {
    let kind = property(&js_sys::global(), "PublicKeyCredential")?;
    let options = call(&kind, reader, &JSON::parse(options_json)?)?;
    let wanted = Object::new();
    Reflect::set(&wanted, &JsValue::from_str("publicKey"), &options)?;
    let navigator = property(&js_sys::global(), "navigator")?;
    let promise: Promise = call(&property(&navigator, "credentials")?, method, &wanted)?.dyn_into()?;
    let credential = promise.await?;
    let written = call(&credential, "toJSON", &JsValue::UNDEFINED)?;
    Ok(String::from(JSON::stringify(&written)?))
}

fn property(of: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    Reflect::get(of, &JsValue::from_str(name))
}

fn call(of: &JsValue, name: &str, argument: &JsValue) -> Result<JsValue, JsValue> {
    property(of, name)?.dyn_into::<Function>()?.call1(of, argument)
}
