#include "services/notifications/sending/webhook_sender.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/events/event_log.h"
#include "common/rpc/idempotency.h"
#include "common/sql/testing.h"
#include "common/testing/status_matchers.h"
#include "services/notifications/storage/migrations.h"

namespace veche::notifications {
namespace {

using ::testing::Contains;
using ::testing::Pair;
using ::testing::SizeIs;

const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);

class WebhookSenderTest : public ::testing::Test {
 protected:
  WebhookSenderTest() : database_(sql::testing::OpenInMemory()) {
    EXPECT_OK(sql::Migrate(*database_,
                           {rpc::IdempotencyMigrations(), events::Migrations(), Migrations()}));
    rules_.hosts = {"bot.example"};
    rules_.messengers = {{.name = "chat",
                          .title = "Chat",
                          .url = "https://api.chat.example/send/{address}?x=1",
                          .body = R"({"to":"{address}","text":"{text}","link":"{link}"})",
                          .headers = {{"Authorization", "key"}}}};
  }
  Prepared Prepare(const Webhook& webhook) {
    EXPECT_OK(database_->Write(
        [&](sql::Transaction& transaction) { return store_.AddWebhook(transaction, webhook); }));
    Job job;
    job.deliveries.emplace_back().endpoint = webhook.id;
    job.deliveries.back().channel = Channel::kWebhook;
    job.message = {.title = "T", .body = "a\"b", .reason = "R", .link = "https://city/1"};
    auto prepared = sender_.Prepare(absl::MakeConstSpan(&job, 1), kNow);
    EXPECT_OK(prepared);
    return prepared->at(0);
  }

  std::unique_ptr<sql::Database> database_;
  EndpointStore store_{std::string(32, 'k')};
  WebhookRules rules_;
  WebhookSender sender_{*database_, store_, rules_};
};

TEST_F(WebhookSenderTest, SignsTimeAndBody) {
  // echo -n '1790000000.{"a":1}' | openssl dgst -sha256 -hmac secret
  EXPECT_EQ(WebhookSignature("secret", R"({"a":1})", kNow),
            "t=1790000000,v1="
            "da8fe498621aaab99d5b11c51346b13d1a2bf2914b865b8d3edd3531cab25a3e");
  const Prepared prepared =
      Prepare({.id = "w1", .target = "https://bot.example/hook?k=1", .secret = "secret"});
  EXPECT_EQ(prepared.provider, "https://bot.example");
  EXPECT_EQ(prepared.request.url, "https://bot.example/hook?k=1");
  EXPECT_THAT(prepared.request.body, ::testing::HasSubstr(R"("title":"T","body":"a\"b")"));
  EXPECT_THAT(
      prepared.request.headers,
      Contains(Pair("Veche-Signature", WebhookSignature("secret", prepared.request.body, kNow))));
}

TEST_F(WebhookSenderTest, FillsTheTemplateOfAMessenger) {
  const Prepared prepared = Prepare({.id = "w1", .messenger = "chat", .target = "a/b \"c\""});
  EXPECT_EQ(prepared.provider, "https://api.chat.example");
  EXPECT_EQ(prepared.request.url, "https://api.chat.example/send/a%2Fb%20%22c%22?x=1");
  EXPECT_EQ(prepared.request.body,
            R"({"to":"a/b \"c\"","text":"T\n\na\"b\n\nR","link":"https://city/1"})");
  EXPECT_THAT(prepared.request.headers, Contains(Pair("Authorization", "key")));
}

TEST_F(WebhookSenderTest, RefusesWhatTheConfigurationDoesNotAllow) {
  EXPECT_EQ(Prepare({.id = "w1", .target = "https://other.example/"}).verdict.error,
            "HOST_NOT_ALLOWED");
  EXPECT_EQ(Prepare({.id = "w2", .target = "https://bot.example.org/"}).verdict.error,
            "HOST_NOT_ALLOWED");
  EXPECT_EQ(Prepare({.id = "w3", .messenger = "old"}).verdict.error, "MESSENGER_UNKNOWN");
  Job job;
  job.deliveries.emplace_back().endpoint = "unknown";
  auto prepared = sender_.Prepare(absl::MakeConstSpan(&job, 1), kNow);
  ASSERT_OK(prepared);
  ASSERT_THAT(*prepared, SizeIs(1));
  EXPECT_EQ(prepared->at(0).verdict.kind, Verdict::Kind::kGone);
}

}  // namespace
}  // namespace veche::notifications
