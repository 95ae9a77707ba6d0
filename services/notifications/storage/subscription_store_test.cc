#include "services/notifications/storage/subscription_store.h"

#include <gtest/gtest.h>

#include "services/notifications/testing/store_fixture.h"

namespace veche::notifications {
namespace {

using sql::Transaction;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::MakeEvent;
using ::testing::SizeIs;

class SubscriptionStoreTest : public testing::EngineTest {
 protected:
  SubscriptionStore& store() { return n().subscriptions; }
  std::optional<Subscription> Stored(const std::string& subscriber) {
    return Get<std::optional<Subscription>>(
        [&](Transaction& t) { return store().Get(t, subscriber); });
  }
  std::vector<std::string> Changed(int64_t after, int limit = 100) {
    std::vector<std::string> names;
    for (const Subscription& each : Get<std::vector<Subscription>>(
             [&](Transaction& t) { return store().ListChanged(t, after, limit); })) {
      names.push_back(each.subscriber);
    }
    return names;
  }
};

TEST_P(SubscriptionStoreTest, KeepsEverythingThatWasChosen) {
  const QuietHours quiet{22 * 60, 7 * 60, 8 * 60, "Europe/Kyiv"};
  const Subscription put = n().Subscribe({.subscriber = "residents/a",
                                          .topics = {"topics/x", "topics/y"},
                                          .muted = {"topics/z"},
                                          .districts = {"districts/a", "districts/b"},
                                          .channels = kInApp | kEmail,
                                          .quiet_hours = quiet,
                                          .language = "uk",
                                          .contact_messages = false});
  const auto stored = Stored("residents/a");
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->id, 1);
  EXPECT_EQ(stored->version, 1);
  EXPECT_THAT(stored->topics, ElementsAre("topics/x", "topics/y"));
  EXPECT_THAT(stored->muted, ElementsAre("topics/z"));
  EXPECT_THAT(stored->districts, ElementsAre("districts/a", "districts/b"));
  EXPECT_EQ(stored->home_district, std::nullopt);
  EXPECT_EQ(stored->channels, kInApp | kEmail);
  EXPECT_EQ(stored->quiet_hours, quiet);
  EXPECT_EQ(stored->language, "uk");
  EXPECT_FALSE(stored->contact_messages);
  n().Subscribe({.subscriber = "residents/a"});
  EXPECT_THAT(Stored("residents/a")->topics, IsEmpty());
  EXPECT_EQ(Stored("residents/a")->quiet_hours, std::nullopt);
  EXPECT_EQ(Stored("residents/a")->id, 1);
  EXPECT_EQ(Stored("residents/b"), std::nullopt);
}

TEST_P(SubscriptionStoreTest, TheDefaultReplacesNothing) {
  n().Subscribe({.subscriber = "residents/a", .topics = {"topics/x"}});
  for (const char* resident : {"residents/a", "residents/b", "residents/b"}) {
    ASSERT_OK(Write(
        [&](Transaction& t) { return store().AddDefault(t, resident, "tt", n().clock.Now()); }));
  }
  EXPECT_THAT(Stored("residents/a")->topics, ElementsAre("topics/x"));
  EXPECT_EQ(Stored("residents/b")->channels, kInApp);
  EXPECT_EQ(Stored("residents/b")->language, "tt");
  EXPECT_EQ(Stored("residents/b")->id, 2);
}

TEST_P(SubscriptionStoreTest, AnAnswerDoesNotReplaceANewerHome) {
  n().Subscribe({.subscriber = "residents/a"});
  const auto set = [&](const char* district, bool only_unknown) {
    EXPECT_OK(Write(
        [&](Transaction& t) { return store().SetHome(t, "residents/a", district, only_unknown); }));
    return Stored("residents/a")->home_district;
  };
  EXPECT_EQ(set("districts/a", true), "districts/a");
  EXPECT_EQ(set("districts/b", true), "districts/a");
  EXPECT_EQ(set("districts/c", false), "districts/c");
  EXPECT_EQ(set("", false), "");
  n().Subscribe({.subscriber = "residents/a", .topics = {"topics/x"}});
  EXPECT_EQ(Stored("residents/a")->home_district, "");
}

TEST_P(SubscriptionStoreTest, ListsChangesInTheirOrder) {
  for (const char* name : {"residents/a", "residents/b", "devices/c", "residents/a"}) {
    n().Subscribe({.subscriber = name});
  }
  EXPECT_THAT(Changed(0), ElementsAre("residents/b", "devices/c", "residents/a"));
  EXPECT_THAT(Changed(0, 1), ElementsAre("residents/b"));
  EXPECT_THAT(Changed(3), ElementsAre("residents/a"));
  EXPECT_THAT(Changed(4), IsEmpty());
  ASSERT_OK(Write([&](Transaction& t) { return store().End(t, "devices/c", n().clock.Now()); }));
  EXPECT_THAT(Changed(4), ElementsAre("devices/c"));
  EXPECT_EQ(Stored("devices/c")->channels, 0);
  ASSERT_OK(
      Write([&](Transaction& t) { return store().Prune(t, n().clock.Now() + absl::Seconds(1)); }));
  EXPECT_EQ(Stored("devices/c"), std::nullopt);
  EXPECT_TRUE(Stored("residents/a"));
}

TEST_P(SubscriptionStoreTest, FindsByIdAndByNotice) {
  for (const char* name : {"residents/a", "residents/f", "residents/c"}) {
    n().Subscribe({.subscriber = name, .channels = kInApp});
  }
  n().Subscribe({.subscriber = "residents/f", .channels = kWebPush});
  const std::vector<uint32_t> ids = {3, 1, 99};
  const auto found =
      Get<std::vector<Subscription>>([&](Transaction& t) { return store().ListByIds(t, ids); });
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_EQ(found[0].subscriber, "residents/a");
  EXPECT_EQ(found[1].subscriber, "residents/c");
  ASSERT_OK(n().Apply({MakeEvent(1, "followed", "residents/f"), MakeEvent(2, "resolved")}));
  const auto recipients = Get<std::vector<NoticeRecipient>>(
      [&](Transaction& t) { return store().ListNoticeRecipients(t, 0, 100, kWebPush | kWebhook); });
  ASSERT_THAT(recipients, SizeIs(1));
  EXPECT_EQ(recipients[0].subscription.subscriber, "residents/f");
  EXPECT_EQ(recipients[0].notice, 2);  // the author has the first
}

INSTANTIATE_TEST_SUITE_P(Engines, SubscriptionStoreTest,
                         ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace veche::notifications
