//! Finds attributes that silence a lint.

use syn::visit::Visit;

/// Attributes that silence a lint where none may: anywhere but on a function, or without a reason.
#[derive(Default)]
pub struct Silenced(pub Vec<String>);

impl Silenced {
    fn function(&mut self, attributes: &[syn::Attribute]) {
        for attribute in attributes {
            let reasoned = attribute.path().is_ident("expect")
                && matches!(&attribute.meta, syn::Meta::List(list)
                    if list.tokens.to_string().contains("reason ="));
            if !reasoned {
                self.visit_attribute(attribute);
            }
        }
    }
}

impl<'ast> Visit<'ast> for Silenced {
    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        let path = attribute.path();
        let conditional = path.is_ident("cfg_attr")
            && matches!(&attribute.meta, syn::Meta::List(list)
                if [" allow (", " expect ("].iter().any(|lint| list.tokens.to_string().contains(lint)));
        if conditional || path.is_ident("allow") || path.is_ident("expect") {
            let name = path.get_ident().map(ToString::to_string);
            self.0.push(name.unwrap_or_default());
        }
    }
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(&item.attrs);
        self.visit_block(&item.block);
    }
    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(&item.attrs);
        self.visit_block(&item.block);
    }
    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        self.function(&item.attrs);
        if let Some(block) = &item.default {
            self.visit_block(block);
        }
    }
}
