#include "services/notifications/workers/alert_fan_out.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <thread>

#include "services/notifications/testing/store_fixture.h"

namespace veche::notifications {
namespace {

using sql::Transaction;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::MakeEvent;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;
using veche::testing::IsOkAndHolds;

class AlertFanOutTest : public testing::EngineTest {
 protected:
  std::unique_ptr<AlertFanOuts> MakeFanOuts(const std::string& owner) {
    return std::make_unique<AlertFanOuts>(
        AlertFanOuts::Parts{*n().database, n().alerts, n().fan_out_store, n().deliveries,
                            n().writer, n().watch, n().clock, n().telemetry, owner, [] {}});
  }
  void WriteAll() {
    const auto fan_outs = MakeFanOuts("one");
    absl::StatusOr<bool> idle = false;
    for (int i = 0; i < 1000 && idle.ok() && !*idle; ++i) idle = fan_outs->WriteNext();
    EXPECT_THAT(idle, IsOkAndHolds(true));
  }
  // "subscriber channel endpoint" of the deliveries of a post, or of a notice.
  std::vector<std::string> Deliveries(const std::string& of, int64_t seq) {
    std::vector<std::string> found;
    EXPECT_OK(n().database->Read([&](Transaction& t) -> absl::Status {
      const auto rows = t.Query(absl::StrCat("SELECT subscriber, channel, endpoint FROM deliveries "
                                             "WHERE ",
                                             of, " = $1 ORDER BY subscriber, channel"),
                                seq);
      for (const sql::Row& row : *rows) {
        found.push_back(absl::StrCat(row.Text(0), " ", row.Int(1), " ", row.Text(2)));
      }
      return absl::OkStatus();
    }));
    return found;
  }
  absl::Time DueOf(const std::string& subscriber) {
    return FromMicros(Get<int64_t>([&](Transaction& t) -> absl::StatusOr<int64_t> {
      const auto rows =
          t.Query("SELECT due_time FROM deliveries WHERE subscriber = $1", subscriber);
      return rows->at(0).Int(0);
    }));
  }
  std::string AddBrowser(const std::string& subscriber, const std::string& endpoint) {
    return Get<std::string>([&](Transaction& t) {
      return n().endpoints.PutPush(t, {.id = n().ids.New(),
                                       .subscriber = subscriber,
                                       .endpoint = endpoint,
                                       .p256dh = std::string(65, '\4'),
                                       .auth = std::string(16, '\1'),
                                       .create_time = n().clock.Now()});
    });
  }
  // Residents with numbers from `first` on who want e-mail of districts/a.
  void SubscribeMany(int first, int count) {
    EXPECT_OK(Write([&](Transaction& t) -> absl::Status {
      for (int i = first; i < first + count; ++i) {
        Subscription subscription{.subscriber = absl::StrFormat("residents/%06d", i),
                                  .districts = {"districts/a"},
                                  .channels = kEmail,
                                  .language = "ru"};
        RETURN_IF_ERROR(n().subscriptions.Put(t, subscription, n().clock.Now()));
      }
      return absl::OkStatus();
    }));
  }
};

TEST_P(AlertFanOutTest, WritesADeliveryForEachChosenChannel) {
  n().Subscribe({.subscriber = "residents/app", .channels = kInApp});
  n().Subscribe({.subscriber = "residents/mail", .channels = kEmail});
  n().Subscribe({.subscriber = "residents/both",
                 .districts = {"districts/a"},
                 .channels = kWebPush | kEmail});
  n().Subscribe(
      {.subscriber = "residents/muted", .muted = {"topics/utilities"}, .channels = kEmail});
  n().Subscribe({.subscriber = "residents/nobrowser", .channels = kWebPush});
  const std::string first = AddBrowser("residents/both", "https://push.example/1");
  const std::string second = AddBrowser("residents/both", "https://push.example/2");
  const Alert city = n().Publish({});
  const Alert district = n().Publish({.districts = {"districts/a"}});
  WriteAll();
  EXPECT_THAT(Deliveries("post", city.seq),
              UnorderedElementsAre("residents/both 1 " + first, "residents/both 1 " + second,
                                   "residents/both 2 ", "residents/mail 2 "));
  EXPECT_THAT(Deliveries("post", district.seq), SizeIs(3));
}

TEST_P(AlertFanOutTest, QuietHoursHoldAllButEmergencies) {
  absl::Time night;
  std::string error;
  ASSERT_TRUE(absl::ParseTime(absl::RFC3339_full, "2026-12-01T23:00:00+03:00", &night, &error));
  n().clock.Set(night);
  const QuietHours quiet{22 * 60, 7 * 60, 8 * 60, "Europe/Moscow"};
  n().Subscribe({.subscriber = "residents/a", .channels = kEmail, .quiet_hours = quiet});
  n().Publish({});
  WriteAll();
  EXPECT_EQ(DueOf("residents/a"), night + absl::Hours(9));
  const Alert emergency = n().Publish({.severity = Severity::kEmergency});
  const Alert brief = n().Publish({.expire_time = night + absl::Hours(1)});
  WriteAll();
  EXPECT_THAT(Deliveries("post", emergency.seq), SizeIs(1));
  EXPECT_THAT(Deliveries("post", brief.seq), IsEmpty());
  EXPECT_EQ(Get<int64_t>([&](Transaction& t) -> absl::StatusOr<int64_t> {
              const auto rows =
                  t.Query("SELECT due_time FROM deliveries WHERE post = $1", emergency.seq);
              return rows->at(0).Int(0);
            }),
            ToMicros(night));
}

TEST_P(AlertFanOutTest, AnotherPostWithdrawsWhatHasNotBegun) {
  SubscribeMany(0, 10);
  Alert updated = n().Publish({.districts = {"districts/a"}});
  const int64_t first = updated.seq;
  WriteAll();
  EXPECT_THAT(Deliveries("post", first), SizeIs(10));
  n().Post(updated);
  WriteAll();
  EXPECT_THAT(Deliveries("post", first), IsEmpty());
  EXPECT_THAT(Deliveries("post", updated.seq), SizeIs(10));
  const Alert next = n().Publish({.districts = {"districts/a"}, .supersedes = updated.id});
  WriteAll();
  EXPECT_THAT(Deliveries("post", updated.seq), IsEmpty());
  EXPECT_THAT(Deliveries("post", next.seq), SizeIs(10));
}

TEST_P(AlertFanOutTest, AReplacedPostIsNotWrittenAnyMore) {
  SubscribeMany(0, 10);
  Alert cancelled = n().Publish({.districts = {"districts/a"}});
  const int64_t first = cancelled.seq;
  n().Cancel(cancelled);
  WriteAll();
  EXPECT_THAT(Deliveries("post", first), IsEmpty());
  EXPECT_THAT(Deliveries("post", cancelled.seq), SizeIs(10));
}

TEST_P(AlertFanOutTest, TheMoreSevereGoesFirst) {
  SubscribeMany(0, 5000);
  const Alert info = n().Publish({.districts = {"districts/a"}});
  const auto fan_outs = MakeFanOuts("one");
  EXPECT_THAT(fan_outs->WriteNext(), IsOkAndHolds(false));
  EXPECT_THAT(Deliveries("post", info.seq), SizeIs(2000));
  const Alert emergency =
      n().Publish({.districts = {"districts/a"}, .severity = Severity::kEmergency});
  for (int i = 0; i < 3; ++i) EXPECT_THAT(fan_outs->WriteNext(), IsOkAndHolds(false));
  EXPECT_THAT(Deliveries("post", emergency.seq), SizeIs(5000));
  EXPECT_THAT(Deliveries("post", info.seq), SizeIs(2000));
  WriteAll();
  EXPECT_THAT(Deliveries("post", info.seq), SizeIs(5000));
}

TEST_P(AlertFanOutTest, AnotherProcessGoesOnAfterACrash) {
  SubscribeMany(0, 5000);
  const Alert alert = n().Publish({.districts = {"districts/a"}});
  {
    const auto dies = MakeFanOuts("dies");
    EXPECT_THAT(dies->WriteNext(), IsOkAndHolds(false));
  }
  const auto other = MakeFanOuts("other");
  EXPECT_THAT(other->WriteNext(), IsOkAndHolds(true));  // the lease of the dead one still holds
  n().clock.Advance(absl::Minutes(1));
  EXPECT_THAT(other->WriteNext(), IsOkAndHolds(false));
  EXPECT_THAT(other->WriteNext(), IsOkAndHolds(false));
  EXPECT_THAT(other->WriteNext(), IsOkAndHolds(true));
  const std::vector<std::string> deliveries = Deliveries("post", alert.seq);
  EXPECT_THAT(std::set<std::string>(deliveries.begin(), deliveries.end()), SizeIs(5000));
}

// Two processes that both believe that the post is theirs, because the clock of one is wrong.
TEST_P(AlertFanOutTest, TwoAtOnceWriteNothingTwice) {
  SubscribeMany(0, 6000);
  const Alert alert = n().Publish({.districts = {"districts/a"}});
  std::vector<std::thread> threads;
  for (const char* owner : {"same", "same"}) {
    threads.emplace_back([&, owner] {
      const auto fan_outs = MakeFanOuts(owner);
      absl::StatusOr<bool> idle = false;
      while (idle.ok() && !*idle) idle = fan_outs->WriteNext();
      EXPECT_OK(idle);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(Deliveries("post", alert.seq), SizeIs(6000));
}

TEST_P(AlertFanOutTest, OwnMattersGoToBrowsersToo) {
  n().Subscribe({.subscriber = "residents/author", .channels = kInApp | kWebPush});
  n().Subscribe({.subscriber = "residents/f", .channels = kInApp, .contact_messages = false});
  const std::string browser = AddBrowser("residents/author", "https://push.example/1");
  AddBrowser("residents/f", "https://push.example/2");
  for (int i = 0; i < 2; ++i) {
    ASSERT_OK(n().Apply({MakeEvent(1, "followed", "residents/f"), MakeEvent(2, "resolved")}));
  }
  // Besides the browser, the contact, unless the resident has chosen otherwise.
  EXPECT_THAT(Deliveries("notice", 1),
              ElementsAre("residents/author 1 " + browser, "residents/author 2 "));
  EXPECT_THAT(Deliveries("notice", 2), IsEmpty());
}

TEST_P(AlertFanOutTest, CountsWhoWouldBeTold) {
  n().Subscribe({.subscriber = "residents/a", .channels = kInApp | kWebPush});
  n().Subscribe({.subscriber = "residents/b", .channels = kEmail});
  n().Subscribe({.subscriber = "residents/c", .topics = {"topics/events"}, .channels = kEmail});
  const auto count = n().watch.Count("topics/utilities", Severity::kInfo, {});
  ASSERT_OK(count);
  EXPECT_EQ(count->recipients, 6);  // five residents, and one without the app
  EXPECT_EQ(count->in_app, 5);
  EXPECT_EQ(count->web_push, 1);
  EXPECT_EQ(count->email, 1);
  EXPECT_EQ(count->webhook, 0);
}

INSTANTIATE_TEST_SUITE_P(Engines, AlertFanOutTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace veche::notifications
