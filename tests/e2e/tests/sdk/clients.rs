//! axios takes part in the session as everything else on the page does. Its bundle comes with supertokens-node; the API is
//! the example's.

use e2e::clients::Client;

#[tokio::test]
async fn axios_takes_part() {
    Client::axios().play_all().await;
}
