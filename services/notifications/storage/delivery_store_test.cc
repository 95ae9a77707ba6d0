#include "services/notifications/storage/delivery_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/status_macros.h"
#include "common/events/event_log.h"
#include "common/rpc/idempotency.h"
#include "common/sql/testing.h"
#include "common/testing/status_matchers.h"
#include "services/notifications/storage/migrations.h"

namespace veche::notifications {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);
constexpr absl::Duration kLease = absl::Seconds(60);

std::string Id(int n) { return absl::StrFormat("01k%023d", n); }

NewDelivery Make(int n, Severity severity = Severity::kInfo, absl::Time due = kNow) {
  return {.id = Id(n),
          .subscriber = absl::StrCat("residents/", n),
          .endpoint = "e",
          .post = 7,
          .severity = severity,
          .due_time = due};
}

class DeliveryStoreTest : public ::testing::TestWithParam<sql::testing::TestEngine> {
 protected:
  void SetUp() override {
    db_ = GetParam().open();
    if (db_ == nullptr) GTEST_SKIP() << "no " << GetParam().name << " here";
    ASSERT_OK(
        sql::Migrate(*db_, {rpc::IdempotencyMigrations(), events::Migrations(), Migrations()}));
  }

  // Runs a method of the store that returns a value, in a transaction of its own.
  template <typename Body>
  auto Run(Body body) {
    decltype(body(std::declval<sql::Transaction&>())) result = absl::InternalError("not run");
    const absl::Status status = db_->Write([&](sql::Transaction& tx) {
      result = body(tx);
      return result.status();
    });
    EXPECT_OK(status);
    return result;
  }
  int64_t Add(const std::vector<NewDelivery>& batch) {
    return *Run([&](sql::Transaction& tx) { return store_.AddBatch(tx, batch, kNow); });
  }
  std::vector<Delivery> Claim(absl::Time now, int limit = 100) {
    return *Run([&](sql::Transaction& tx) {
      return store_.Claim(tx, Channel::kWebPush, now, kLease, limit);
    });
  }
  std::vector<std::string> ClaimIds(absl::Time now, int limit = 100) {
    std::vector<std::string> ids;
    for (const Delivery& delivery : Claim(now, limit)) ids.push_back(delivery.id);
    return ids;
  }
  void Settle(const std::vector<Outcome>& outcomes) {
    EXPECT_OK(db_->Write([&](sql::Transaction& tx) { return store_.Settle(tx, outcomes); }));
  }
  std::optional<Delivery> Get(int n) {
    return *Run([&](sql::Transaction& tx) { return store_.Get(tx, Id(n)); });
  }

  std::unique_ptr<sql::Database> db_;
  DeliveryStore store_;
};

INSTANTIATE_TEST_SUITE_P(, DeliveryStoreTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& info) { return info.param.name; });

TEST_P(DeliveryStoreTest, KeepsWhatItIsGiven) {
  NewDelivery digest = Make(1, Severity::kWarning, kNow + absl::Hours(1));
  digest.channel = Channel::kWebhook;
  digest.digest = digest.due_time;
  NewDelivery notice = Make(2);
  notice.channel = Channel::kContact;
  notice.endpoint = "";
  notice.post.reset();
  notice.notice = 9;
  EXPECT_EQ(Add({digest, notice}), 2);
  const auto first = Get(1), second = Get(2);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->channel, Channel::kWebhook);
  EXPECT_EQ(first->severity, Severity::kWarning);
  EXPECT_EQ(first->state, DeliveryState::kQueued);
  EXPECT_EQ(first->due_time, kNow + absl::Hours(1));
  EXPECT_EQ(first->create_time, kNow);
  EXPECT_THAT(first->digest, Optional(first->due_time));
  EXPECT_THAT(first->post, Optional(7));
  EXPECT_EQ(second->channel, Channel::kContact);
  EXPECT_EQ(second->endpoint, "");
  EXPECT_EQ(second->post, std::nullopt);
  EXPECT_THAT(second->notice, Optional(9));
  EXPECT_EQ(Get(3), std::nullopt);
}

TEST_P(DeliveryStoreTest, WritesNothingTwice) {
  std::vector<NewDelivery> batch;
  for (int i = 0; i < 200; ++i) batch.push_back(Make(i));
  EXPECT_EQ(Add(batch), 200);
  for (NewDelivery& delivery : batch) delivery.id[1] = '2';
  batch.push_back(Make(500));
  batch.back().endpoint = "another";
  EXPECT_EQ(Add(batch), 1);
  EXPECT_EQ(Add({}), 0);
}

TEST_P(DeliveryStoreTest, ClaimsTheMostSevereFirst) {
  Add({Make(1), Make(2, Severity::kWarning), Make(3, Severity::kEmergency), Make(4),
       Make(5, Severity::kEmergency, kNow + absl::Seconds(1))});
  EXPECT_THAT(ClaimIds(kNow, 3), ElementsAre(Id(3), Id(2), Id(1)));
  EXPECT_THAT(ClaimIds(kNow), ElementsAre(Id(4)));
  EXPECT_THAT(ClaimIds(kNow), IsEmpty());
  EXPECT_THAT(ClaimIds(kNow + absl::Seconds(1)), ElementsAre(Id(5)));
}

TEST_P(DeliveryStoreTest, ClaimsTheLongestDueFirst) {
  Add({Make(1, Severity::kInfo, kNow), Make(2, Severity::kInfo, kNow - absl::Seconds(2)),
       Make(3, Severity::kInfo, kNow - absl::Seconds(1))});
  NewDelivery other = Make(4, Severity::kEmergency);
  other.channel = Channel::kWebhook;
  Add({other});
  EXPECT_THAT(ClaimIds(kNow, 2), UnorderedElementsAre(Id(2), Id(3)));
}

TEST_P(DeliveryStoreTest, ClaimsAgainWhatADeadProcessLeft) {
  Add({Make(1)});
  EXPECT_EQ(Claim(kNow)[0].attempt, 1);
  EXPECT_THAT(ClaimIds(kNow + kLease - absl::Seconds(1)), IsEmpty());
  const std::vector<Delivery> again = Claim(kNow + kLease);
  ASSERT_THAT(again, SizeIs(1));
  EXPECT_EQ(again[0].attempt, 2);
  // What the first process says after all changes nothing.
  Settle({{.id = Id(1), .attempt = 1, .state = DeliveryState::kSent}});
  EXPECT_EQ(Get(1)->state, DeliveryState::kSending);
  Settle({{.id = Id(1), .attempt = 2, .state = DeliveryState::kSent}});
  EXPECT_EQ(Get(1)->state, DeliveryState::kSent);
}

TEST_P(DeliveryStoreTest, RecoversAtOnce) {
  Add({Make(1), Make(2, Severity::kInfo, kNow + absl::Hours(1))});
  Claim(kNow);
  ASSERT_OK(db_->Write(
      [&](sql::Transaction& tx) { return store_.Recover(tx, Channel::kWebPush, kNow); }));
  EXPECT_THAT(ClaimIds(kNow), ElementsAre(Id(1)));
}

TEST_P(DeliveryStoreTest, SettlesEveryOutcome) {
  std::vector<NewDelivery> batch;
  for (int i = 0; i < 300; ++i) batch.push_back(Make(i));
  Add(batch);
  std::vector<Outcome> outcomes;
  for (const Delivery& delivery : Claim(kNow, 1000)) {
    outcomes.push_back({.id = delivery.id, .attempt = 1, .due_time = kNow});
  }
  ASSERT_THAT(outcomes, SizeIs(300));
  outcomes[0] = {.id = Id(0), .attempt = 1, .state = DeliveryState::kDead, .error = "REFUSED"};
  outcomes[1] = {.id = Id(1),
                 .attempt = 1,
                 .state = DeliveryState::kQueued,
                 .error = "TIMEOUT",
                 .due_time = kNow + absl::Seconds(5)};
  outcomes[2] = {.id = Id(2),
                 .attempt = 1,
                 .state = DeliveryState::kQueued,
                 .due_time = kNow + absl::Seconds(5),
                 .postponed = true};
  Settle(outcomes);
  EXPECT_EQ(Get(0)->state, DeliveryState::kDead);
  EXPECT_EQ(Get(0)->error, "REFUSED");
  EXPECT_EQ(Get(2)->attempt, 0);
  EXPECT_EQ(Get(299)->state, DeliveryState::kSent);
  EXPECT_THAT(Claim(kNow), IsEmpty());
  const std::vector<Delivery> again = Claim(kNow + absl::Seconds(5));
  ASSERT_THAT(again, SizeIs(2));
  EXPECT_EQ(again[0].attempt, 2);
  EXPECT_EQ(again[0].error, "TIMEOUT");
  EXPECT_EQ(again[1].attempt, 1);
}

TEST_P(DeliveryStoreTest, ClaimsADigestWhole) {
  std::vector<NewDelivery> batch;
  for (int i = 0; i < 10; ++i) {
    NewDelivery delivery = Make(i);
    delivery.subscriber = i < 5 ? "residents/a" : "residents/b";
    delivery.post = i;
    delivery.digest = delivery.due_time;
    batch.push_back(delivery);
  }
  Add(batch);
  EXPECT_THAT(ClaimIds(kNow, 6), SizeIs(10));
  EXPECT_EQ(MessageKey(batch[0]), MessageKey(batch[4]));
  EXPECT_NE(MessageKey(batch[4]), MessageKey(batch[5]));
}

TEST_P(DeliveryStoreTest, NamesTheNextDueTime) {
  const auto next = [&] {
    return *Run([&](sql::Transaction& tx) { return store_.NextDue(tx, Channel::kWebPush); });
  };
  EXPECT_EQ(next(), std::nullopt);
  Add({Make(1, Severity::kEmergency, kNow + absl::Hours(2)),
       Make(2, Severity::kInfo, kNow + absl::Hours(1))});
  EXPECT_THAT(next(), Optional(kNow + absl::Hours(1)));
  Claim(kNow + absl::Hours(1));
  EXPECT_THAT(next(), Optional(kNow + absl::Hours(1) + kLease));
}

TEST_P(DeliveryStoreTest, WithdrawsWhatHasNotBegun) {
  Add({Make(1, Severity::kEmergency), Make(2), Make(3), Make(4)});
  NewDelivery other = Make(5);
  other.post = 8;
  Add({other});
  Claim(kNow, 1);
  const auto withdraw = [&](int limit) {
    return *Run([&](sql::Transaction& tx) { return store_.Withdraw(tx, 7, limit); });
  };
  EXPECT_EQ(withdraw(2), 2);
  EXPECT_EQ(withdraw(2), 1);
  EXPECT_EQ(Get(1)->state, DeliveryState::kSending);
  EXPECT_TRUE(Get(5));
}

TEST_P(DeliveryStoreTest, ListsAndResendsWhatWasGivenUp) {
  Add({Make(1), Make(2), Make(3), Make(4)});
  Claim(kNow);
  Settle({{.id = Id(1), .attempt = 1, .state = DeliveryState::kDead, .error = "REFUSED"},
          {.id = Id(2), .attempt = 1, .state = DeliveryState::kFailed, .error = "GONE"},
          {.id = Id(3), .attempt = 1, .state = DeliveryState::kDead, .error = "TIMEOUT"},
          {.id = Id(4), .attempt = 1}});
  const auto list = [&](DeliveryState state, absl::string_view before, int limit) {
    std::vector<std::string> ids;
    const std::vector<Delivery> page =
        *Run([&](sql::Transaction& tx) { return store_.ListGivenUp(tx, state, before, limit); });
    for (const Delivery& delivery : page) {
      ids.push_back(delivery.id);
    }
    return ids;
  };
  EXPECT_THAT(list(DeliveryState::kDead, "", 10), ElementsAre(Id(3), Id(1)));
  EXPECT_THAT(list(DeliveryState::kDead, Id(3), 10), ElementsAre(Id(1)));
  EXPECT_THAT(list(DeliveryState::kDead, "", 1), ElementsAre(Id(3)));
  EXPECT_THAT(list(DeliveryState::kFailed, "", 10), ElementsAre(Id(2)));
  const auto resend = [&](int n) {
    return *Run([&](sql::Transaction& tx) { return store_.Resend(tx, Id(n), kNow); });
  };
  EXPECT_EQ(resend(1)->state, DeliveryState::kQueued);
  EXPECT_EQ(resend(1)->attempt, 0);
  EXPECT_EQ(resend(4)->state, DeliveryState::kSent);
  EXPECT_EQ(resend(9), std::nullopt);
  EXPECT_THAT(ClaimIds(kNow), ElementsAre(Id(1)));
}

TEST_P(DeliveryStoreTest, PrunesWhatEnded) {
  Add({Make(1), Make(2), Make(3), Make(4, Severity::kInfo, kNow + absl::Hours(1))});
  Claim(kNow);
  Settle({{.id = Id(1), .attempt = 1},
          {.id = Id(2), .attempt = 1, .state = DeliveryState::kDead},
          {.id = Id(3), .attempt = 1, .state = DeliveryState::kFailed}});
  const auto prune = [&](int sent, int given_up) {
    return *Run(
        [&](sql::Transaction& tx) { return store_.Prune(tx, Id(sent), Id(given_up), 100); });
  };
  EXPECT_EQ(prune(1, 1), 0);
  EXPECT_EQ(prune(9, 3), 2);
  EXPECT_TRUE(Get(3) && Get(4));
  EXPECT_EQ(prune(9, 9), 1);
  EXPECT_TRUE(Get(4));
}

TEST_P(DeliveryStoreTest, GivesEachDeliveryToOneClaimer) {
  std::vector<NewDelivery> batch;
  for (int i = 0; i < 400; ++i) batch.push_back(Make(i));
  Add(batch);
  std::vector<std::vector<std::string>> taken(4);
  std::vector<std::thread> threads;
  for (auto& mine : taken) {
    threads.emplace_back([&] {
      while (true) {
        const std::vector<std::string> ids = ClaimIds(kNow, 30);
        if (ids.empty()) return;
        mine.insert(mine.end(), ids.begin(), ids.end());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::string> all;
  size_t count = 0;
  for (const auto& mine : taken) {
    count += mine.size();
    all.insert(mine.begin(), mine.end());
  }
  EXPECT_EQ(count, all.size());
  // A claimer that lost the race for a page sees an empty one and ends early.
  const std::vector<std::string> rest = ClaimIds(kNow, 1000);
  EXPECT_EQ(count + rest.size(), 400);
}

TEST(MessageKeyTest, IsStableShortAndDistinct) {
  const NewDelivery first = Make(1);
  EXPECT_EQ(MessageKey(first), MessageKey(Make(1, Severity::kWarning, kNow + absl::Hours(1))));
  EXPECT_EQ(MessageKey(first).size(), 27);
  EXPECT_THAT(MessageKey(first), ::testing::MatchesRegex("[A-Za-z0-9_-]+"));
  std::set<std::string> keys = {MessageKey(first)};
  for (const auto& change : std::vector<std::function<void(NewDelivery&)>>{
           [](NewDelivery& other) { other.subscriber = "residents/2"; },
           [](NewDelivery& other) { other.endpoint = "f"; },
           [](NewDelivery& other) { other.channel = Channel::kWebhook; },
           [](NewDelivery& other) { other.post = 8; },
           [](NewDelivery& other) { other.digest = kNow; }}) {
    NewDelivery other = first;
    change(other);
    EXPECT_TRUE(keys.insert(MessageKey(other)).second);
  }
}

}  // namespace
}  // namespace veche::notifications
