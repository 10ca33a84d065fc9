//! Where somebody writes on a page, to go on there after something lay over it. A browser gives back the focus by itself, but
//! may leave the caret behind: then the keys of whoever goes on would lead nowhere.

use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement, HtmlTextAreaElement};

/// The element with the focus, and what is selected in it.
pub struct Caret {
    element: HtmlElement,
    selected: Option<(u32, u32)>,
}

impl Caret {
    /// As it is now.
    pub fn of_page() -> Option<Self> {
        let element = web_sys::window()?.document()?.active_element()?.dyn_into::<HtmlElement>().ok()?;
        let ends = if let Some(text) = element.dyn_ref::<HtmlTextAreaElement>() {
            (text.selection_start(), text.selection_end())
        } else if let Some(line) = element.dyn_ref::<HtmlInputElement>() {
            (line.selection_start(), line.selection_end())
        } else {
            (Ok(None), Ok(None))
        };
        let selected = match ends {
            (Ok(Some(start)), Ok(Some(end))) => Some((start, end)),
            _ => None,
        };
        Some(Self { element, selected })
    }

    /// As it was.
    pub fn put_back(&self) {
        // An element that has the focus already gets no caret by being given it again.
        let _ = self.element.blur();
        let _ = self.element.focus();
        if let Some((start, end)) = self.selected {
            if let Some(text) = self.element.dyn_ref::<HtmlTextAreaElement>() {
                let _ = text.set_selection_range(start, end);
            } else if let Some(line) = self.element.dyn_ref::<HtmlInputElement>() {
                let _ = line.set_selection_range(start, end);
            }
        }
    }
}
