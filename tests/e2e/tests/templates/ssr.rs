//! `examples/templates/ssr`.

use e2e::play_rendered_template;

use crate::{assert_quiet, reload_and_sign_out, sign_in_after_a_wrong_password};

#[tokio::test]
async fn a_user_signs_in_reloads_and_signs_out_and_the_first_html_has_the_user_id() {
    play_rendered_template(async |stage| {
        let page = &stage.page;
        let response = stage.get("/?from=mail", "").await;
        assert_eq!((response.status().as_u16(), &**response.body()), (302, ""));
        assert_eq!(response.headers()["location"], crate::LOGIN);

        let id = sign_in_after_a_wrong_password(page).await;
        // A navigation without a page load, so the browser has called the function.
        page.wait_words(&format!("The server knows you as\n{id}")).await;
        assert_eq!(stage.function_calls().len(), 1);
        assert_quiet(page).await;

        let mut cookies = Vec::new();
        for name in ["sFrontToken", "sAccessToken"] {
            cookies.push(format!("{name}={}", page.cookie(name).await.expect("a cookie").value()));
        }
        let response = stage.get("/", &cookies.join("; ")).await;
        let html = response.body();
        // What the function returns may come after the page's end, in a template.
        let shown = html.split("<script").filter_map(|part| part.split("</script>").nth(1));
        let count = shown.map(|shown| shown.matches(&id).count()).sum::<usize>();
        assert_eq!(count, 2, "the guard's and the function's: {html}");
        assert_eq!(response.headers()["cache-control"], "private, no-store");

        reload_and_sign_out(page, &id).await;
        assert_eq!(stage.function_calls().len(), 1, "the server has called it for the reloaded page");
        assert_quiet(page).await;
    })
    .await;
}

#[tokio::test]
async fn without_a_hydrated_page_the_form_cannot_be_sent() {
    play_rendered_template(async |stage| {
        let html = stage.get("/login", "").await.into_body();
        let form = html.split("<form").nth(1).and_then(|form| form.split("</form>").next()).expect("a form");
        assert!(form.contains("<button disabled"), "{form}");
        assert!(!form.contains("name="), "a browser would put the password into the address: {form}");
    })
    .await;
}
