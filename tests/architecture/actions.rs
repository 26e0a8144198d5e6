//! Names of actions stand in the trail for ever, so they are written in one way.

use syn::visit::Visit;

use super::sources;

/// Names given to `Action::read` and `Action::write`.
#[derive(Default)]
struct Names(Vec<String>);

impl<'ast> Visit<'ast> for Names {
    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if let syn::Expr::Path(path) = &*call.func
            && let [.., action, access] = &*path.path.segments.iter().collect::<Vec<_>>()
            && action.ident == "Action"
            && (access.ident == "read" || access.ident == "write")
            && let Some(syn::Expr::Lit(literal)) = call.args.first()
            && let syn::Lit::Str(name) = &literal.lit
        {
            self.0.push(name.value());
        }
        syn::visit::visit_expr_call(self, call);
    }
}

fn is_snake_case(word: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    word.split('_').all(part)
}

#[test]
fn an_action_is_named_capability_dot_words_in_snake_case() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut odd = Vec::new();
    let mut all = 0;
    for source in sources() {
        let [layer, capability, ..] = source.module.as_slice() else {
            continue;
        };
        if layer != "capability" {
            continue;
        }
        let text = std::fs::read_to_string(root.join(&source.path)).expect("readable");
        let mut names = Names::default();
        names.visit_file(&syn::parse_file(&text).expect("Rust"));
        all += names.0.len();
        odd.extend(names.0.into_iter().filter(|name| {
            let parts = name.split_once('.');
            !parts.is_some_and(|(of, what)| of == capability && is_snake_case(what))
        }));
    }
    assert!(all > 50, "{all} actions found");
    assert_eq!(odd, [""; 0]);
}
