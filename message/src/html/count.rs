//! A tree that is not there: what the parser needs to go on, and what it would have cost to build.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::rc::{Rc, Weak};

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::tree_builder::Tracer;
use html5ever::{Attribute, ExpandedName, LocalName, QualName, local_name, ns};

/// A node: its name, where it hangs, and how many hang below.
pub(super) type Handle = Rc<Node>;

/// See [`Handle`].
#[derive(Debug)]
pub(super) struct Node {
    name: QualName,
    integration_point: bool,
    parent: RefCell<Weak<Node>>,
    children: Cell<usize>,
    /// The text at its end: bytes, and those of them that may have to be escaped.
    text: Cell<(usize, usize)>,
    template: Option<Handle>,
}

impl Node {
    fn new(name: QualName) -> Self {
        Self {
            name,
            integration_point: false,
            parent: RefCell::new(Weak::new()),
            children: Cell::new(0),
            text: Cell::new((0, 0)),
            template: None,
        }
    }
}

/// Counts what a tree would cost.
#[derive(Debug)]
pub(super) struct Shade {
    root: Handle,
    elements: Cell<usize>,
    /// Most children of any node: how far one has to look for one of them.
    widest: Cell<usize>,
    work: Cell<usize>,
    merged: RefCell<HashSet<LocalName>>,
}

impl Default for Shade {
    fn default() -> Self {
        Self {
            root: nameless(),
            elements: Cell::new(0),
            widest: Cell::new(0),
            work: Cell::new(0),
            merged: RefCell::new(HashSet::new()),
        }
    }
}

/// What has no name in a document: the document itself, and comments. The parser never asks.
fn nameless() -> Handle {
    Rc::new(Node::new(QualName::new(None, ns!(), local_name!(""))))
}

impl Shade {
    /// Elements made so far, also those that the source does not write.
    pub(super) fn elements(&self) -> usize {
        self.elements.get()
    }

    /// Steps that putting elements elsewhere would have taken.
    pub(super) fn work(&self) -> usize {
        self.work.get()
    }

    /// Names of attributes that later tags added to an element.
    pub(super) fn merged(&self) -> usize {
        self.merged.borrow().len()
    }

    fn grows(&self, parent: &Handle, by: usize) {
        parent.children.set(parent.children.get() + by);
        self.widest.set(self.widest.get().max(parent.children.get()));
    }

    /// Writing a text looks, at each byte that may have to be escaped, for angle brackets up to its end. That is
    /// fast, some hundred bytes in the time of one step, but for a megabyte of ampersands it is 15 seconds.
    fn reads(&self, parent: &Handle, text: &str) {
        let (length, escapes) = parent.text.get();
        let more = text.bytes().filter(|byte| matches!(byte, b'&' | 0xc2)).count();
        let (longer, all) = (length + text.len(), escapes + more);
        parent.text.set((longer, all));
        self.work
            .set(self.work.get() + longer.saturating_mul(all) / 128 - length.saturating_mul(escapes) / 128);
    }

    fn search(&self) {
        self.work.set(self.work.get() + self.widest.get() + 1);
    }
}

impl TreeSink for Shade {
    type Handle = Handle;
    type Output = ();
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) {}

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        self.root.clone()
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> ExpandedName<'a> {
        target.name.expanded()
    }

    fn create_element(&self, name: QualName, _attributes: Vec<Attribute>, flags: ElementFlags) -> Handle {
        self.elements.set(self.elements.get() + 1);
        let mut node = Node::new(name);
        node.integration_point = flags.mathml_annotation_xml_integration_point;
        node.template = flags.template.then(nameless);
        Rc::new(node)
    }

    fn create_comment(&self, _text: StrTendril) -> Handle {
        nameless()
    }

    fn create_pi(&self, _target: StrTendril, _data: StrTendril) -> Handle {
        nameless()
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.grows(parent, 1);
        match child {
            NodeOrText::AppendNode(child) => {
                parent.text.set((0, 0));
                child.parent.replace(Rc::downgrade(parent));
            }
            NodeOrText::AppendText(text) => self.reads(parent, &text),
        }
    }

    fn append_based_on_parent_node(&self, element: &Handle, previous: &Handle, child: NodeOrText<Handle>) {
        if element.parent.borrow().upgrade().is_some() {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, _name: StrTendril, _public: StrTendril, _system: StrTendril) {}

    fn get_template_contents(&self, target: &Handle) -> Handle {
        target.template.clone().unwrap_or_else(nameless)
    }

    fn same_node(&self, one: &Handle, other: &Handle) -> bool {
        Rc::ptr_eq(one, other)
    }

    fn set_quirks_mode(&self, _mode: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        self.search();
        let parent = sibling.parent.borrow().upgrade().unwrap_or_else(|| self.root.clone());
        self.append(&parent, child);
    }

    fn add_attrs_if_missing(&self, _target: &Handle, attributes: Vec<Attribute>) {
        self.merged.borrow_mut().extend(attributes.into_iter().map(|attribute| attribute.name.local));
    }

    fn remove_from_parent(&self, _target: &Handle) {
        self.search();
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        node.text.set((0, 0));
        let moved = node.children.take();
        self.work.set(self.work.get() + moved);
        self.grows(new_parent, moved);
    }

    fn is_mathml_annotation_xml_integration_point(&self, target: &Handle) -> bool {
        target.integration_point
    }
}

/// How many elements are open, counting formatting that will come back.
#[derive(Debug, Default)]
pub(super) struct Open(Cell<usize>);

impl Open {
    /// The number. An element that is both open and formatting counts twice.
    pub(super) fn count(&self) -> usize {
        self.0.get()
    }
}

impl Tracer for Open {
    type Handle = Handle;

    fn trace_handle(&self, _node: &Handle) {
        self.0.set(self.0.get() + 1);
    }
}
