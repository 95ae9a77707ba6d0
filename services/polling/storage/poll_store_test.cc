#include "services/polling/storage/poll_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_join.h"
#include "common/rpc/idempotency.h"
#include "common/sql/explaining.h"
#include "common/sql/testing.h"
#include "common/testing/status_matchers.h"
#include "services/polling/storage/migrations.h"
#include "services/polling/testing/test_poll.h"

namespace veche::polling {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);

class PollStoreTest : public ::testing::TestWithParam<sql::testing::TestEngine> {
 protected:
  void SetUp() override {
    database_ = GetParam().open();
    if (database_ == nullptr) GTEST_SKIP() << GetParam().name << " cannot be started here";
    ASSERT_OK(sql::Migrate(*database_, {rpc::IdempotencyMigrations(), Migrations()}));
  }

  Poll MakePoll(const std::string& id, PollState state, absl::Duration opens = absl::Hours(-1),
                absl::Duration closes = absl::Hours(24 * 7)) {
    Poll poll{.id = id,
              .state = state,
              .definition = test_.definition,
              .subjects = {"appeals/1", "initiatives/2"},
              .close_time = kNow + closes,
              .create_time = kNow,
              .eligible = 7,
              .tree_size = 3,
              .head_seconds = 60,
              .head_root = std::string("\0root", 5),
              .head_signature = "signature",
              .results = std::string("\0\1", 2)};
    poll.definition.poll = id;
    poll.definition.open_time = absl::ToUnixSeconds(kNow + opens);
    poll.definition.districts = {};
    return poll;
  }
  void Add(const Poll& poll) {
    ASSERT_OK(database_->Write(
        [&](sql::Transaction& transaction) { return polls_.Add(transaction, poll); }));
  }
  void Update(const Poll& poll) {
    ASSERT_OK(database_->Write(
        [&](sql::Transaction& transaction) { return polls_.Update(transaction, poll); }));
  }
  Poll Get(const std::string& id) {
    Poll poll;
    EXPECT_OK(database_->Read([&](sql::Transaction& transaction) -> absl::Status {
      auto found = polls_.Get(transaction, id);
      if (!found.ok()) return found.status();
      if (!*found) return absl::NotFoundError(id);
      poll = **found;
      return absl::OkStatus();
    }));
    return poll;
  }
  std::vector<std::string> List(const PollFilter& filter, const std::string& before = "",
                                int limit = 10) {
    std::vector<std::string> ids;
    EXPECT_OK(database_->Read([&](sql::Transaction& transaction) -> absl::Status {
      auto found = polls_.List(transaction, filter, before, limit);
      if (!found.ok()) return found.status();
      for (const Poll& poll : *found) ids.push_back(poll.id);
      return absl::OkStatus();
    }));
    return ids;
  }
  std::vector<std::string> Due(absl::Time now) {
    std::vector<std::string> ids;
    EXPECT_OK(database_->Read([&](sql::Transaction& transaction) -> absl::Status {
      auto found = polls_.ListDue(transaction, now);
      if (!found.ok()) return found.status();
      ids = *std::move(found);
      return absl::OkStatus();
    }));
    return ids;
  }

  std::vector<std::string> Unfinished() {
    std::vector<std::string> ids;
    EXPECT_OK(database_->Read([&](sql::Transaction& transaction) -> absl::Status {
      auto found = polls_.ListUnfinished(transaction);
      if (!found.ok()) return found.status();
      for (const Poll& poll : *found) ids.push_back(poll.id);
      return absl::OkStatus();
    }));
    return ids;
  }

  testing::TestPoll test_;
  std::unique_ptr<sql::Database> database_;
  PollStore polls_;
};

TEST_P(PollStoreTest, GivesBackWhatWasAdded) {
  const Poll poll = MakePoll("p1", PollState::kOpen);
  Add(poll);
  const Poll found = Get("p1");
  EXPECT_EQ(found.state, poll.state);
  EXPECT_EQ(found.definition, poll.definition);
  EXPECT_EQ(found.subjects, poll.subjects);
  EXPECT_EQ(found.close_time, poll.close_time);
  EXPECT_EQ(found.eligible, poll.eligible);
  EXPECT_EQ(found.tree_size, poll.tree_size);
  EXPECT_EQ(found.head_root, poll.head_root);
  EXPECT_EQ(found.head_signature, poll.head_signature);
  EXPECT_EQ(found.results, poll.results);
}

TEST_P(PollStoreTest, ListsByStateAndDistrictNewestFirst) {
  Add(MakePoll("a", PollState::kDraft));
  Add(MakePoll("b", PollState::kOpen));
  Poll north = MakePoll("c", PollState::kClosed);
  north.definition.districts = {"districts/north", "districts/centre"};
  Add(north);
  Poll south = MakePoll("d", PollState::kOpen);
  south.definition.districts = {"districts/south"};
  Add(south);
  EXPECT_THAT(List({}), ElementsAre("d", "c", "b"));
  EXPECT_THAT(List({.states = {PollState::kDraft}}), ElementsAre("a"));
  EXPECT_THAT(List({.district = "districts/north"}), ElementsAre("c", "b"));
  EXPECT_THAT(List({}, "d", 1), ElementsAre("c"));
  EXPECT_THAT(List({}, "b"), IsEmpty());
}

TEST_P(PollStoreTest, FindsThePollsThatASubjectLedTo) {
  for (const char* id : {"a", "b", "c"}) Add(MakePoll(id, PollState::kDraft));
  Poll poll = MakePoll("d", PollState::kDraft);
  poll.subjects = {"appeals/2", "appeals/2"};
  Add(poll);
  EXPECT_THAT(List({.subject = "appeals/1"}), IsEmpty()) << "drafts";
  for (const char* id : {"a", "c", "d"}) {
    Poll opened = Get(id);
    opened.state = PollState::kOpen;
    if (opened.id == "c") opened.subjects = {};
    Update(opened);
  }
  EXPECT_THAT(List({.subject = "appeals/1"}), ElementsAre("c", "a")) << "fixed as they were";
  EXPECT_THAT(List({.subject = "appeals/1"}, "c"), ElementsAre("a"));
  EXPECT_THAT(List({.subject = "initiatives/2"}), ElementsAre("c", "a"));
  EXPECT_THAT(List({.subject = "appeals/2"}), ElementsAre("d"));
  EXPECT_THAT(List({.states = {PollState::kDraft}, .subject = "appeals/1"}), ElementsAre("b"));
  Poll draft = Get("b");
  draft.subjects = {"appeals/3"};
  Update(draft);
  EXPECT_THAT(List({.states = {PollState::kDraft}, .subject = "appeals/1"}), IsEmpty());
  EXPECT_THAT(List({.states = {PollState::kDraft}, .subject = "appeals/3"}), ElementsAre("b"));
}

// The release before 0005 and 0006 kept neither subjects nor uses of pictures in tables.
TEST_P(PollStoreTest, MigrationsIndexWhatIsThere) {
  constexpr size_t kOlder = 5;  // files
  auto database = GetParam().open();
  ASSERT_OK(sql::Migrate(*database, {rpc::IdempotencyMigrations(), Migrations().first(kOlder)}));
  const std::string appeal = "appeals/" + std::string(26, 'a');
  const std::string initiative = "initiatives/" + std::string(26, 'b');
  const std::string other = "appeals/" + std::string(26, 'c');
  const std::string hash(64, 'f'), unused(64, 'e');
  Poll poll = MakePoll("p", PollState::kOpen);
  poll.definition.questions[0].options[0].picture = hash;
  ASSERT_OK(database->Write([&](sql::Transaction& transaction) -> absl::Status {
    const auto add = [&](const std::string& id, const std::string& subjects) {
      return transaction
          .Execute(
              "INSERT INTO polls (id, state, definition, subjects, open_time, close_time, "
              "create_time, eligible, closing_noticed, tree_size, head_seconds, head_root, "
              "head_signature, results, version) VALUES ($1, 3, $2, $3, 0, 0, 0, 0, $4, 0, 0, $5, "
              "$5, $5, 1)",
              id, protocol::EncodeDefinition(poll.definition), subjects, false, sql::Blob{""})
          .status();
    };
    EXPECT_OK(add("p", absl::StrJoin({appeal, initiative, other, other}, "\n")));
    EXPECT_OK(add("q", ""));
    EXPECT_OK(add("r", initiative));
    for (const std::string& picture : {hash, unused}) {
      EXPECT_OK(transaction
                    .Execute("INSERT INTO poll_pictures (hash, content_type, bytes) "
                             "VALUES ($1, '', $2)",
                             picture, sql::Blob{""})
                    .status());
    }
    return absl::OkStatus();
  }));
  ASSERT_OK(sql::Migrate(*database, {rpc::IdempotencyMigrations(), Migrations()}));
  database_ = std::move(database);
  EXPECT_THAT(List({.subject = appeal}), ElementsAre("p"));
  EXPECT_THAT(List({.subject = other}), ElementsAre("p"));
  EXPECT_THAT(List({.subject = initiative}), ElementsAre("r", "p"));
  ASSERT_OK(database_->Read([&](sql::Transaction& transaction) -> absl::Status {
    const auto rows = transaction.Query("SELECT hash, owner FROM picture_uses ORDER BY owner");
    EXPECT_OK(rows);
    EXPECT_EQ(rows->size(), 3u) << "each of the three polls has the picture";
    EXPECT_EQ(rows->at(0).Text(0), hash);
    return absl::OkStatus();
  }));
}

TEST_P(PollStoreTest, ListsWhatIsDue) {
  Add(MakePoll("draft", PollState::kDraft));
  Add(MakePoll("later", PollState::kScheduled, absl::Hours(1)));
  Add(MakePoll("opens", PollState::kScheduled));
  Poll unfinished = MakePoll("unfinished", PollState::kScheduled, absl::Hours(1));
  unfinished.tree_size = 0;
  Add(unfinished);
  Add(MakePoll("open", PollState::kOpen));
  Add(MakePoll("over", PollState::kOpen, absl::Hours(-2), absl::ZeroDuration()));
  Add(MakePoll("soon", PollState::kOpen, absl::Hours(-100), absl::Hours(24)));
  Poll noticed = MakePoll("noticed", PollState::kOpen, absl::Hours(-100), absl::Hours(24));
  noticed.closing_noticed = true;
  Add(noticed);
  Add(MakePoll("closing", PollState::kClosing));
  Add(MakePoll("closed", PollState::kClosed));
  EXPECT_THAT(Due(kNow), ElementsAre("opens", "over", "soon"));
  EXPECT_THAT(Unfinished(), ElementsAre("closing", "unfinished"));
}

TEST_P(PollStoreTest, AGateClosesOnce) {
  const Poll poll = MakePoll("p1", PollState::kScheduled);
  ASSERT_OK(database_->Write([&](sql::Transaction& transaction) -> absl::Status {
    if (auto status = polls_.OpenGate(transaction, poll); !status.ok()) return status;
    return polls_.OpenGate(transaction, poll);
  }));
  const auto held = [&] {
    bool open = false;
    EXPECT_OK(database_->Write([&](sql::Transaction& transaction) -> absl::Status {
      auto gate = polls_.HoldGate(transaction, "p1");
      if (gate.ok()) open = gate->has_value();
      return gate.status();
    }));
    return open;
  };
  EXPECT_TRUE(held());
  ASSERT_OK(database_->Write(
      [&](sql::Transaction& transaction) { return polls_.CloseGate(transaction, "p1"); }));
  EXPECT_FALSE(held());
}

TEST(PollPlanTest, AnIndexFindsThePollsOfASubject) {
  auto database = sql::testing::OpenInMemory();
  ASSERT_OK(sql::Migrate(*database, {rpc::IdempotencyMigrations(), Migrations()}));
  sql::testing::ExplainingDatabase explaining(*database);
  ASSERT_OK(explaining.Read([](sql::Transaction& transaction) {
    return PollStore().List(transaction, {.subject = "appeals/1"}, "", 10).status();
  }));
  ASSERT_EQ(explaining.plans.size(), 1u);
  EXPECT_THAT(explaining.plans[0], HasSubstr("SEARCH poll_subjects"));
  EXPECT_THAT(explaining.plans[0], Not(HasSubstr("SCAN")));
}

INSTANTIATE_TEST_SUITE_P(Engines, PollStoreTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace veche::polling
