#include "services/notifications/storage/endpoint_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/events/event_log.h"
#include "common/rpc/idempotency.h"
#include "common/sql/testing.h"
#include "common/testing/status_matchers.h"
#include "services/notifications/storage/migrations.h"

namespace veche::notifications {
namespace {

using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::SizeIs;
using ::veche::testing::StatusIs;

const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);

PushSubscription MakePush(absl::string_view id, absl::string_view subscriber,
                          absl::string_view endpoint) {
  return {.id = std::string(id),
          .subscriber = std::string(subscriber),
          .endpoint = std::string(endpoint),
          .p256dh = std::string("\x04\0p", 3),
          .auth = std::string("a\0\xff", 3),
          .create_time = kNow};
}

class EndpointStoreTest : public ::testing::TestWithParam<sql::testing::TestEngine> {
 protected:
  void SetUp() override {
    db_ = GetParam().open();
    if (db_ == nullptr) GTEST_SKIP() << "no " << GetParam().name << " here";
    ASSERT_OK(
        sql::Migrate(*db_, {rpc::IdempotencyMigrations(), events::Migrations(), Migrations()}));
  }
  template <typename Body>
  auto Run(Body body) {
    decltype(body(std::declval<sql::Transaction&>())) result = absl::InternalError("not run");
    EXPECT_OK(db_->Write([&](sql::Transaction& tx) {
      result = body(tx);
      return absl::OkStatus();
    }));
    return result;
  }
  std::string Put(const PushSubscription& subscription) {
    return *Run([&](sql::Transaction& tx) { return store_.PutPush(tx, subscription); });
  }
  std::vector<PushSubscription> ListPush(absl::string_view subscriber) {
    return *Run([&](sql::Transaction& tx) { return store_.ListPush(tx, subscriber); });
  }

  std::unique_ptr<sql::Database> db_;
  EndpointStore store_{std::string(32, 'k')};
};

INSTANTIATE_TEST_SUITE_P(, EndpointStoreTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& info) { return info.param.name; });

TEST_P(EndpointStoreTest, KeepsPushSubscriptions) {
  PushSubscription subscription = MakePush("p1", "residents/1", "https://push.example/1");
  subscription.expire_time = kNow + absl::Hours(1);
  EXPECT_EQ(Put(subscription), "p1");
  const std::vector<PushSubscription> kept = ListPush("residents/1");
  ASSERT_THAT(kept, SizeIs(1));
  EXPECT_EQ(kept[0].endpoint, subscription.endpoint);
  EXPECT_EQ(kept[0].p256dh, subscription.p256dh);
  EXPECT_EQ(kept[0].auth, subscription.auth);
  EXPECT_THAT(kept[0].expire_time, Optional(kNow + absl::Hours(1)));
  EXPECT_EQ(kept[0].create_time, kNow);
  EXPECT_THAT(ListPush("residents/2"), IsEmpty());
}

TEST_P(EndpointStoreTest, GivesABrowserOneOwner) {
  Put(MakePush("p1", "residents/1", "https://push.example/1"));
  PushSubscription renewed = MakePush("p2", "residents/2", "https://push.example/1");
  renewed.auth = "new";
  EXPECT_EQ(Put(renewed), "p1");
  EXPECT_THAT(ListPush("residents/1"), IsEmpty());
  ASSERT_THAT(ListPush("residents/2"), SizeIs(1));
  EXPECT_EQ(ListPush("residents/2")[0].auth, "new");
}

TEST_P(EndpointStoreTest, DeletesOnlyOnesOwn) {
  Put(MakePush("p1", "residents/1", "https://push.example/1"));
  const auto remove = [&](absl::string_view subscriber) {
    return *Run([&](sql::Transaction& tx) { return store_.DeletePush(tx, subscriber, "p1"); });
  };
  EXPECT_FALSE(remove("residents/2"));
  EXPECT_TRUE(remove("residents/1"));
  EXPECT_FALSE(remove("residents/1"));
}

TEST_P(EndpointStoreTest, FindsManyById) {
  std::vector<std::string> ids, subscribers;
  for (int i = 100; i < 400; ++i) {
    ids.push_back(absl::StrCat("p", i));
    subscribers.push_back(absl::StrCat("residents/", i));
    Put(MakePush(ids.back(), subscribers.back(), absl::StrCat("https://push.example/", i)));
  }
  Put(MakePush("q", "residents/399", "https://push.example/q"));
  ids.push_back("unknown");
  EXPECT_THAT(*Run([&](sql::Transaction& tx) { return store_.GetPush(tx, ids); }), SizeIs(300));
  const std::vector<EndpointId> found = *Run(
      [&](sql::Transaction& tx) { return store_.ListIds(tx, Channel::kWebPush, subscribers); });
  ASSERT_THAT(found, SizeIs(301));
  EXPECT_EQ(found[299].id, "p399");
  EXPECT_EQ(found[300].id, "q");
  EXPECT_EQ(found[300].subscriber, "residents/399");
  ASSERT_OK(db_->Write([&](sql::Transaction& tx) { return store_.DeleteGone(tx, ids); }));
  EXPECT_THAT(ListPush("residents/399"), SizeIs(1));
}

TEST_P(EndpointStoreTest, SealsWebhooks) {
  const Webhook webhook{.id = "w1",
                        .subscriber = "residents/1",
                        .messenger = "",
                        .target = "https://bot.example/hook?key=1",
                        .secret = "secret",
                        .create_time = kNow};
  ASSERT_OK(db_->Write([&](sql::Transaction& tx) { return store_.AddWebhook(tx, webhook); }));
  const auto list = [&] {
    return *Run([&](sql::Transaction& tx) { return store_.ListWebhooks(tx, "residents/1"); });
  };
  ASSERT_THAT(list(), SizeIs(1));
  EXPECT_EQ(list()[0].target, webhook.target);
  EXPECT_EQ(list()[0].secret, "");
  const std::vector<Webhook> got = *Run([&](sql::Transaction& tx) {
    return store_.GetWebhooks(tx, {"w1", "w2"});
  });
  ASSERT_THAT(got, SizeIs(1));
  EXPECT_EQ(got[0].secret, "secret");
  EndpointStore stranger(std::string(32, 'x'));
  EXPECT_THAT(Run([&](sql::Transaction& tx) { return stranger.GetWebhooks(tx, {"w1"}); }),
              StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(*Run([&](sql::Transaction& tx) {
    return store_.ListIds(tx, Channel::kWebhook, {"residents/1"});
  }),
              SizeIs(1));
  EXPECT_FALSE(
      *Run([&](sql::Transaction& tx) { return store_.DeleteWebhook(tx, "residents/2", "w1"); }));
  ASSERT_OK(db_->Write([&](sql::Transaction& tx) { return store_.DeleteAll(tx, "residents/1"); }));
  EXPECT_THAT(list(), IsEmpty());
}

}  // namespace
}  // namespace veche::notifications
