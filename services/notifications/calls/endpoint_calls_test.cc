#include "services/notifications/calls/endpoint_calls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/texts.h"
#include "common/crypto/p256.h"
#include "common/events/event_log.h"
#include "common/rpc/idempotency.h"
#include "common/rpc/testing.h"
#include "common/sql/testing.h"
#include "common/testing/fake_clock.h"
#include "common/testing/status_matchers.h"
#include "services/notifications/calls/delivery_calls.h"
#include "services/notifications/storage/migrations.h"
#include "services/notifications/texts.h"

namespace veche::notifications {
namespace {

using rpc::testing::Admin;
using rpc::testing::MakeCall;
using rpc::testing::Resident;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using veche::testing::HasReason;

class EndpointCallsTest : public ::testing::Test {
 protected:
  EndpointCallsTest() {
    EXPECT_OK(sql::Migrate(*database_,
                           {rpc::IdempotencyMigrations(), events::Migrations(), Migrations()}));
    rules_.hosts = {"bot.example"};
    rules_.messengers = {{.name = "chat", .title = "Chat"}};
  }
  v1::CreatePushSubscriptionRequest Browser(absl::string_view endpoint) {
    v1::CreatePushSubscriptionRequest request;
    request.set_endpoint(std::string(endpoint));
    request.mutable_keys()->set_p256dh(p256dh_);
    request.mutable_keys()->set_auth(absl::WebSafeBase64Escape(std::string(16, 'a')));
    return request;
  }
  // The violations of a failed call in English.
  std::string Violated(const absl::Status& status) {
    return Localize(status, texts_, "en").ToString();
  }
  absl::Status CreateStatus(const v1::CreatePushSubscriptionRequest& request) {
    return calls_.CreatePushSubscription(MakeCall(Resident("1")), request).status();
  }

  std::unique_ptr<sql::Database> database_ = sql::testing::OpenInMemory();
  veche::testing::FakeClock clock_;
  UlidSource ids_{clock_};
  const Texts texts_ = *Texts::Parse({CommonTexts(), TextFiles()});
  EndpointStore store_{std::string(32, 'k')};
  DeliveryStore deliveries_;
  VapidSigner signer_{crypto::GenerateP256(), "mailto:a@example.org"};
  WebhookRules rules_;
  const std::string p256dh_ = absl::WebSafeBase64Escape(crypto::P256Point(*crypto::GenerateP256()));
  EndpointCalls calls_{{*database_, store_, &signer_, {}, rules_, clock_, ids_}};
  int queued_ = 0;
  DeliveryCalls delivery_calls_{{*database_, deliveries_, clock_, [this] { ++queued_; }}};
};

TEST_F(EndpointCallsTest, KeepsBrowsers) {
  EXPECT_EQ(calls_.GetPushKey(MakeCall(), {})->public_key(), signer_.public_key());
  v1::CreatePushSubscriptionRequest request = Browser("https://push.example/1");
  request.set_expiration_time(absl::ToUnixMillis(clock_.Now()) + 5000.5);
  const auto created = calls_.CreatePushSubscription(MakeCall(Resident("1")), request);
  ASSERT_OK(created);
  EXPECT_EQ(created->endpoint(), "https://push.example/1");
  EXPECT_TRUE(created->has_expire_time());
  clock_.Advance(absl::Seconds(1));
  const auto again = calls_.CreatePushSubscription(MakeCall(Resident("1")), request);
  ASSERT_OK(again);
  EXPECT_EQ(again->name(), created->name());
  EXPECT_EQ(again->create_time().seconds(), created->create_time().seconds());
  EXPECT_THAT(calls_.ListPushSubscriptions(MakeCall(Resident("1")), {})->push_subscriptions(),
              SizeIs(1));
  EXPECT_THAT(calls_.ListPushSubscriptions(MakeCall(Resident("2")), {})->push_subscriptions(),
              IsEmpty());
  v1::DeletePushSubscriptionRequest remove;
  remove.set_name(created->name());
  EXPECT_THAT(calls_.DeletePushSubscription(MakeCall(Resident("2")), remove),
              HasReason("PUSH_SUBSCRIPTION_NOT_FOUND"));
  EXPECT_OK(calls_.DeletePushSubscription(MakeCall(Resident("1")), remove));
}

TEST_F(EndpointCallsTest, NamesEveryBadField) {
  v1::CreatePushSubscriptionRequest bad = Browser("http://push.example/1");
  bad.mutable_keys()->set_p256dh(p256dh_.substr(4));
  bad.mutable_keys()->set_auth("short");
  bad.set_expiration_time(1);
  const std::string text = Violated(CreateStatus(bad));
  for (const char* field : {"endpoint", "keys.p256dh", "keys.auth", "expirationTime"}) {
    EXPECT_THAT(text, HasSubstr(field));
  }
  for (const char* endpoint :
       {"", "push.example", "https://127.0.0.1/", "https://10.1.2.3:8443/", "https://[::1]/",
        "https://[fd00::1]/a", "https://localhost/", "https://169.254.169.254/latest",
        "https://u:p@push.example/", "https://push.example/\n", "ftp://push.example/"}) {
    EXPECT_THAT(Violated(CreateStatus(Browser(endpoint))), HasSubstr("endpoint")) << endpoint;
  }
  EXPECT_FALSE(CreateStatus(Browser("https://push.example/" + std::string(2000, 'x'))).ok());
}

TEST_F(EndpointCallsTest, BoundsBrowsersAndWebhooks) {
  for (int i = 0; i < 20; ++i) {
    ASSERT_OK(CreateStatus(Browser(absl::StrCat("https://push.example/", i))));
  }
  EXPECT_THAT(CreateStatus(Browser("https://push.example/x")), HasReason("TOO_MANY_ENDPOINTS"));
  EXPECT_OK(CreateStatus(Browser("https://push.example/3")));
  v1::CreateWebhookRequest webhook;
  webhook.set_url("https://bot.example/hook");
  for (int i = 0; i < 5; ++i) ASSERT_OK(calls_.CreateWebhook(MakeCall(Resident("1")), webhook));
  EXPECT_THAT(calls_.CreateWebhook(MakeCall(Resident("1")), webhook),
              HasReason("TOO_MANY_ENDPOINTS"));
}

TEST_F(EndpointCallsTest, OffersNoPushWithoutAKey) {
  EndpointCalls calls({*database_, store_, nullptr, {}, rules_, clock_, ids_});
  EXPECT_THAT(calls.GetPushKey(MakeCall(), {}), HasReason("PUSH_NOT_OFFERED"));
  EXPECT_THAT(calls.CreatePushSubscription(MakeCall(Resident("1")), Browser("https://a.example/")),
              HasReason("PUSH_NOT_OFFERED"));
}

TEST_F(EndpointCallsTest, ShowsASecretOnce) {
  v1::CreateWebhookRequest request;
  request.set_url("https://bot.example/hook");
  const auto created = calls_.CreateWebhook(MakeCall(Resident("1")), request);
  ASSERT_OK(created);
  EXPECT_EQ(created->secret().size(), 43);
  const auto listed = calls_.ListWebhooks(MakeCall(Resident("1")), {});
  ASSERT_THAT(listed->webhooks(), SizeIs(1));
  EXPECT_EQ(listed->webhooks(0).url(), request.url());
  EXPECT_EQ(listed->webhooks(0).secret(), "");
  v1::DeleteWebhookRequest remove;
  remove.set_name(created->name());
  EXPECT_THAT(calls_.DeleteWebhook(MakeCall(Resident("2")), remove),
              HasReason("WEBHOOK_NOT_FOUND"));
  EXPECT_OK(calls_.DeleteWebhook(MakeCall(Resident("1")), remove));
}

TEST_F(EndpointCallsTest, TakesWebhooksThatTheCityAllows) {
  const auto status = [&](absl::string_view url, absl::string_view messenger,
                          absl::string_view address) {
    v1::CreateWebhookRequest request;
    request.set_url(std::string(url));
    request.set_messenger(std::string(messenger));
    request.set_address(std::string(address));
    return calls_.CreateWebhook(MakeCall(Resident("1")), request).status();
  };
  EXPECT_OK(status("https://BOT.example:8443/x", "", ""));
  EXPECT_OK(status("", "chat", "@me"));
  EXPECT_EQ(calls_.ListMessengers(MakeCall(), {})->messengers(0).title(), "Chat");
  EXPECT_THAT(Violated(status("http://bot.example/", "", "")), HasSubstr("url"));
  EXPECT_THAT(Violated(status("https://other.example/", "", "")), HasSubstr("url"));
  EXPECT_THAT(Violated(status("https://bot.example.evil/", "", "")), HasSubstr("url"));
  EXPECT_THAT(Violated(status("", "", "")), HasSubstr("url"));
  EXPECT_THAT(Violated(status("https://bot.example/", "chat", "@me")), HasSubstr("url"));
  EXPECT_THAT(Violated(status("", "unknown", "@me")), HasSubstr("messenger"));
  EXPECT_THAT(Violated(status("", "chat", "")), HasSubstr("address"));
}

TEST_F(EndpointCallsTest, ListsAndResendsDeadLetters) {
  std::vector<NewDelivery> batch;
  for (int i = 0; i < 3; ++i) {
    batch.push_back({.id = ids_.New(),
                     .subscriber = absl::StrCat("residents/", i),
                     .endpoint = "e",
                     .post = 7,
                     .due_time = clock_.Now()});
  }
  ASSERT_OK(database_->Write([&](sql::Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(deliveries_.AddBatch(transaction, batch, clock_.Now()).status());
    ASSIGN_OR_RETURN(
        const std::vector<Delivery> claimed,
        deliveries_.Claim(transaction, Channel::kWebPush, clock_.Now(), absl::Seconds(60), 10));
    std::vector<Outcome> outcomes;
    for (const Delivery& delivery : claimed) {
      outcomes.push_back(
          {.id = delivery.id, .attempt = 1, .state = DeliveryState::kDead, .error = "HTTP_413"});
    }
    return deliveries_.Settle(transaction, outcomes);
  }));
  v1::ListDeliveriesRequest request;
  request.set_page_size(2);
  const auto first = delivery_calls_.ListDeliveries(MakeCall(Admin("a")), request);
  ASSERT_OK(first);
  ASSERT_THAT(first->deliveries(), SizeIs(2));
  EXPECT_EQ(first->deliveries(0).error(), "HTTP_413");
  EXPECT_EQ(first->deliveries(0).state(), v1::Delivery::DEAD);
  request.set_page_token(first->next_page_token());
  const auto second = delivery_calls_.ListDeliveries(MakeCall(Admin("a")), request);
  ASSERT_OK(second);
  ASSERT_THAT(second->deliveries(), SizeIs(1));
  EXPECT_EQ(second->next_page_token(), "");
  v1::ResendDeliveryRequest resend;
  resend.set_name(second->deliveries(0).name());
  EXPECT_EQ(delivery_calls_.ResendDelivery(MakeCall(Admin("a")), resend)->state(),
            v1::Delivery::QUEUED);
  EXPECT_EQ(queued_, 1);
  resend.set_name("deliveries/unknown");
  EXPECT_THAT(delivery_calls_.ResendDelivery(MakeCall(Admin("a")), resend),
              HasReason("DELIVERY_NOT_FOUND"));
  request.Clear();
  request.set_state(v1::Delivery::SENT);
  EXPECT_THAT(Violated(delivery_calls_.ListDeliveries(MakeCall(Admin("a")), request).status()),
              HasSubstr("state"));
}

}  // namespace
}  // namespace veche::notifications
