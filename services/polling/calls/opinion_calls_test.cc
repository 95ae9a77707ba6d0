#include "services/polling/calls/opinion_calls.h"

#include <gtest/gtest.h>

#include <thread>

#include "services/polling/testing/initiative_fixture.h"

namespace veche::polling {
namespace {

using rpc::testing::MakeCall;
using rpc::testing::Resident;
using ::testing::HasSubstr;
using testing::Initiatives;
using ::testing::IsEmpty;
using testing::Moderator;
using ::testing::Not;
using veche::testing::HasReason;
using veche::testing::StatusIs;
using Vote = v1::Statement;

// On every engine, because the map follows the numbered changes of the database.
class OpinionCallsTest : public ::testing::TestWithParam<sql::testing::TestEngine> {
 protected:
  void SetUp() override {
    auto database = GetParam().open();
    if (database == nullptr) GTEST_SKIP() << GetParam().name << " is not available";
    city_ = std::make_unique<Initiatives>(std::move(database));
    initiative_ = city_->Publish("author");
  }
  // `count` statements, and two camps of `camp` residents: all agree with the first statement, and
  // each camp denies what the other says of the rest.
  void TwoCamps(int count, int camp) {
    for (int i = 0; i < count; ++i) {
      const auto stated =
          city_->State(initiative_, absl::StrCat("a", i / 5), absl::StrCat("Высказывание ", i));
      ASSERT_OK(stated);
      statements_.push_back(stated->name());
    }
    for (int person = 0; person < 2 * camp; ++person) {
      const std::string resident = absl::StrCat("voter", person);
      for (int i = 0; i < count; ++i) {
        const bool agrees = i == 0 || (person < camp) == (i % 2 == 0);
        ASSERT_OK(city_->Judge(statements_[i], resident, agrees ? Vote::AGREE : Vote::DISAGREE));
      }
    }
  }

  std::unique_ptr<Initiatives> city_;
  std::string initiative_;
  std::vector<std::string> statements_;
};

TEST_P(OpinionCallsTest, TheMapShowsTheCampsAndWhatUnitesAndDividesThem) {
  ASSERT_NO_FATAL_FAILURE(TwoCamps(8, 6));
  const auto map = city_->Map(initiative_);
  ASSERT_OK(map);
  EXPECT_EQ(map->participant_count(), 12);
  EXPECT_EQ(map->statement_count(), 8);
  ASSERT_EQ(map->groups_size(), 2);
  EXPECT_EQ(map->groups(0).size(), 6);
  EXPECT_EQ(map->groups(1).size(), 6);
  EXPECT_EQ(map->uniting(0).statement().name(), statements_[0]);
  EXPECT_EQ(map->uniting(0).groups(0).agree(), 6);
  EXPECT_NE(map->dividing(0).statement().name(), statements_[0]);
  EXPECT_THAT(map->ShortDebugString(), Not(HasSubstr("residents/")));

  // Incremental: a vote that changes is in the next map, whoever took it.
  ASSERT_OK(city_->Judge(statements_[0], "voter0", Vote::DISAGREE));
  ASSERT_OK(city_->Judge(statements_[0], "newcomer", Vote::PASS));
  const auto after = city_->Map(initiative_);
  EXPECT_EQ(after->participant_count(), 13);
  OpinionCalls other({*city_->database, city_->store, city_->statements, city_->clock, city_->ids});
  v1::GetOpinionMapRequest request;
  request.set_parent(initiative_);
  const auto rebuilt = other.GetOpinionMap(MakeCall(), request);
  ASSERT_OK(rebuilt);
  EXPECT_EQ(rebuilt->SerializeAsString(), after->SerializeAsString());
}

TEST_P(OpinionCallsTest, GroupsOfFewAreNotReported) {
  ASSERT_NO_FATAL_FAILURE(TwoCamps(8, 4));
  const auto map = city_->Map(initiative_);
  ASSERT_OK(map);
  for (const auto& group : map->groups()) EXPECT_GE(group.size(), 5);
}

TEST_P(OpinionCallsTest, AHiddenStatementLeavesTheMapAndTheList) {
  ASSERT_NO_FATAL_FAILURE(TwoCamps(8, 6));
  ASSERT_OK(city_->Map(initiative_));
  v1::HideStatementRequest hide;
  hide.set_name(statements_[0]);
  ASSERT_OK(city_->opinions.HideStatement(MakeCall(Moderator()), hide));
  const auto map = city_->Map(initiative_);
  EXPECT_EQ(map->statement_count(), 7);
  for (const auto& opinion : map->uniting()) {
    EXPECT_NE(opinion.statement().name(), statements_[0]);
  }
  EXPECT_THAT(city_->Judge(statements_[0], "x", Vote::AGREE), HasReason("STATEMENT_NOT_FOUND"));
  v1::ListStatementsRequest list;
  list.set_parent(initiative_);
  list.set_page_size(3);
  int count = 0;
  for (;;) {
    const auto page = city_->opinions.ListStatements(MakeCall(Resident("voter0")), list);
    ASSERT_OK(page);
    for (const auto& statement : page->statements()) {
      ++count;
      EXPECT_NE(statement.vote(), Vote::VOTE_UNSPECIFIED);
    }
    if (page->next_page_token().empty()) break;
    list.set_page_token(page->next_page_token());
  }
  EXPECT_EQ(count, 7);
}

TEST_P(OpinionCallsTest, VotesAtOnceAreAllInTheMap) {
  const std::string statement = city_->State(initiative_, "a", "Дорожка нужна зимой")->name();
  std::vector<std::thread> voters;
  for (int thread = 0; thread < 8; ++thread) {
    voters.emplace_back([&, thread] {
      for (int i = 0; i < 5; ++i) {
        EXPECT_OK(city_->Judge(statement, absl::StrCat("r", thread, "-", i), Vote::AGREE));
        EXPECT_OK(city_->Judge(statement, "same", i % 2 ? Vote::AGREE : Vote::DISAGREE));
        EXPECT_OK(city_->Map(initiative_));
      }
    });
  }
  for (std::thread& voter : voters) voter.join();
  EXPECT_EQ(city_->Map(initiative_)->participant_count(), 41);
}

TEST_P(OpinionCallsTest, StatementsAreShortDifferentAndNotTooMany) {
  EXPECT_THAT(city_->State(initiative_, "a", std::string(141, 'x')),
              StatusIs(absl::StatusCode::kInvalidArgument));
  ASSERT_OK(city_->State(initiative_, "a", "Дорожка нужна зимой"));
  EXPECT_THAT(city_->State(initiative_, "b", "дорожка НУЖНА  зимой"),
              HasReason("STATEMENT_EXISTS"));
  for (int i = 1; i < kMostStatementsEach; ++i) {
    ASSERT_OK(city_->State(initiative_, "a", absl::StrCat("Высказывание ", i)));
  }
  EXPECT_THAT(city_->State(initiative_, "a", "Ещё одно"), HasReason("TOO_MANY_STATEMENTS"));
  EXPECT_OK(city_->State(initiative_, "b", "Ещё одно"));
  EXPECT_THAT(city_->Map("initiatives/x"), HasReason("INITIATIVE_NOT_FOUND"));
  const auto empty = city_->Map(city_->Publish("c"));
  ASSERT_OK(empty);
  EXPECT_THAT(empty->groups(), IsEmpty());
  city_->clock.Advance(absl::Hours(25));
  ASSERT_OK(city_->schedule.RunOnce());
  EXPECT_THAT(city_->State(initiative_, "c", "Слишком поздно"), HasReason("DISCUSSION_CLOSED"));
}

INSTANTIATE_TEST_SUITE_P(Engines, OpinionCallsTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace veche::polling
