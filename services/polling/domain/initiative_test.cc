#include "services/polling/domain/initiative.h"

#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"
#include "services/polling/domain/initiative_names.h"
#include "services/polling/domain/initiative_steps.h"
#include "services/polling/domain/similar.h"

namespace veche::polling {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using veche::testing::HasReason;
using State = InitiativeState;
using Action = InitiativeAction;
using Party = InitiativeParty;

const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);
const InitiativeRules kRules = {
    .threshold = 3, .gathering = absl::Hours(24), .response = absl::Hours(48)};

InitiativeActor By(Party party) { return {.name = "staff/olga", .parties = {party}}; }

Initiative In(State state) {
  Initiative initiative;
  initiative.id = "01j9z3k4m5n6p7q8r9s0t1v2w3";
  initiative.author = "residents/ivan";
  initiative.state = state;
  initiative.threshold = 3;
  return initiative;
}

TEST(InitiativeTest, TheTableIsWhatItSays) {
  // Every pair that is not here is refused for everybody.
  const std::vector<std::tuple<State, Action, Party, State>> allowed = {
      {State::kModeration, Action::kApprove, Party::kModerator, State::kGathering},
      {State::kModeration, Action::kReject, Party::kModerator, State::kRejected},
      {State::kGathering, Action::kReachThreshold, Party::kSystem, State::kAwaitingResponse},
      {State::kGathering, Action::kExpire, Party::kSystem, State::kExpired},
      {State::kAwaitingResponse, Action::kAccept, Party::kStaff, State::kAccepted},
      {State::kAwaitingResponse, Action::kDecline, Party::kStaff, State::kDeclined},
      {State::kAccepted, Action::kAddStage, Party::kStaff, State::kAccepted},
      {State::kModeration, Action::kMerge, Party::kModerator, State::kMerged},
      {State::kModeration, Action::kMerge, Party::kStaff, State::kMerged},
      {State::kGathering, Action::kMerge, Party::kModerator, State::kMerged},
      {State::kGathering, Action::kMerge, Party::kStaff, State::kMerged},
      {State::kModeration, Action::kWithdraw, Party::kAuthor, State::kWithdrawn},
      {State::kGathering, Action::kWithdraw, Party::kAuthor, State::kWithdrawn},
  };
  for (int state = 1; state <= kInitiativeStates; ++state) {
    for (int action = 0; action < kInitiativeActions; ++action) {
      for (const Party party : {Party::kAuthor, Party::kModerator, Party::kStaff, Party::kSystem}) {
        std::optional<State> expected;
        for (const auto& [from, step, who, to] : allowed) {
          if (from == State(state) && step == Action(action) && who == party) expected = to;
        }
        const Party parties[] = {party};
        EXPECT_EQ(NextState(State(state), Action(action), parties), expected)
            << Name(State(state)) << " " << Name(Action(action));
      }
    }
  }
}

TEST(InitiativeTest, ApprovalSetsTheTermsAndTellsTheAuthor) {
  Initiative initiative = In(State::kModeration);
  InitiativeRecord record;
  ASSERT_OK(Approve(By(Party::kModerator), kRules, kNow, initiative, record));
  EXPECT_TRUE(initiative.published);
  EXPECT_EQ(initiative.threshold, 3);
  EXPECT_EQ(initiative.end, kNow + absl::Hours(24));
  EXPECT_EQ(initiative.next_check, initiative.end);
  ASSERT_THAT(record.events, SizeIs(1));
  EXPECT_THAT(record.events[0].residents, ElementsAre("residents/ivan"));
  EXPECT_THAT(Approve(By(Party::kModerator), kRules, kNow, initiative, record),
              HasReason("INITIATIVE_STEP_NOT_ALLOWED"));
}

TEST(InitiativeTest, TheThresholdIsReachedOnceAndStartsTheTerm) {
  Initiative initiative = In(State::kGathering);
  InitiativeRecord record;
  initiative.supporter_count = 2;
  CheckThreshold(kRules, kNow, initiative, record);
  EXPECT_EQ(initiative.state, State::kGathering);
  initiative.supporter_count = 3;
  CheckThreshold(kRules, kNow, initiative, record);
  EXPECT_EQ(initiative.state, State::kAwaitingResponse);
  EXPECT_EQ(initiative.response_due, kNow + absl::Hours(48));
  CheckThreshold(kRules, kNow + absl::Hours(1), initiative, record);
  EXPECT_EQ(initiative.response_due, kNow + absl::Hours(48));
  EXPECT_THAT(record.entries, SizeIs(1));
}

TEST(InitiativeTest, TheClockExpiresAndNotesOverdueAnswersOnce) {
  Initiative gathering = In(State::kGathering);
  gathering.next_check = kNow;
  InitiativeRecord record;
  CheckSchedule(kNow - absl::Microseconds(1), gathering, record);
  EXPECT_THAT(record.entries, IsEmpty());
  CheckSchedule(kNow, gathering, record);
  EXPECT_EQ(gathering.state, State::kExpired);
  CheckSchedule(kNow + absl::Hours(1), gathering, record);
  EXPECT_THAT(record.entries, SizeIs(1));

  Initiative awaiting = In(State::kAwaitingResponse);
  awaiting.next_check = kNow;
  InitiativeRecord overdue;
  CheckSchedule(kNow, awaiting, overdue);
  CheckSchedule(kNow + absl::Hours(1), awaiting, overdue);
  EXPECT_TRUE(awaiting.overdue);
  EXPECT_EQ(awaiting.state, State::kAwaitingResponse);
  EXPECT_THAT(overdue.entries, SizeIs(1));
  ASSERT_THAT(overdue.events, SizeIs(1));
  EXPECT_THAT(overdue.events[0].residents, ElementsAre(awaiting.author));
  ASSERT_OK(Respond(By(Party::kStaff), true, "Сделаем.", kNow, awaiting, overdue));
  EXPECT_FALSE(awaiting.overdue);
}

TEST(InitiativeTest, GatheringEndsBeforeItsDate) {
  Initiative initiative = In(State::kGathering);
  initiative.end = initiative.next_check = kNow + absl::Hours(1);
  InitiativeRecord record;
  ASSERT_OK(Expire(kNow, initiative, record));
  EXPECT_EQ(initiative.state, State::kExpired);
  EXPECT_EQ(initiative.end, kNow);
  EXPECT_EQ(initiative.next_check, std::nullopt);
  EXPECT_THAT(record.entries, SizeIs(1));
  ASSERT_THAT(record.events, SizeIs(1));
  EXPECT_THAT(record.events[0].residents, ElementsAre(initiative.author));
  EXPECT_THAT(Expire(kNow, initiative, record), HasReason("INITIATIVE_STEP_NOT_ALLOWED"));
}

TEST(InitiativeTest, MergesOnlyIntoWhatIsOpen) {
  Initiative target = In(State::kExpired);
  target.id = "01j9z3k4m5n6p7q8r9s0t1v2w4";
  Initiative repeat = In(State::kGathering);
  InitiativeRecord a, b;
  EXPECT_THAT(Merge(By(Party::kModerator), kNow, repeat, target, a, b),
              HasReason("INITIATIVE_NOT_OPEN"));
  EXPECT_EQ(repeat.state, State::kGathering);
  target.state = State::kGathering;
  ASSERT_OK(Merge(By(Party::kModerator), kNow, repeat, target, a, b));
  EXPECT_EQ(repeat.merged_into, target.id);
  // Nobody published the repeat, so its name stays unknown.
  EXPECT_THAT(b.entries, IsEmpty());
}

TEST(InitiativeTest, NamesAreOfTheirForm) {
  EXPECT_OK(ParseInitiativeName("initiatives/01j9z3k4m5n6p7q8r9s0t1v2w3"));
  EXPECT_THAT(ParseInitiativeName("comments/01j9z3k4m5n6p7q8r9s0t1v2w3"),
              HasReason("INITIATIVE_NOT_FOUND"));
  EXPECT_THAT(ParseCommentName("comments/x"), HasReason("COMMENT_NOT_FOUND"));
  EXPECT_TRUE(IsReference("districts", "districts/north-1"));
  EXPECT_FALSE(IsReference("districts", "districts/"));
  EXPECT_FALSE(IsReference("districts", "districts/a b"));
}

TEST(InitiativeTest, SimilarProposalsAreFoundByTheirWords) {
  const auto terms = ProposalTerms("Велодорожка вдоль набережной", "Сделайте велодорожки.");
  const std::vector<std::vector<std::string>> candidates = {
      ProposalTerms("Новый детский сад", "В районе не хватает мест в садах."),
      ProposalTerms("Велодорожки на набережной Казанки", "Нужна дорожка для велосипедов."),
      ProposalTerms("Велодорожка вдоль набережной", "Сделайте велодорожки.")};
  const std::vector<Similar> similar = RankSimilar(terms, candidates);
  ASSERT_THAT(similar, SizeIs(2));
  EXPECT_EQ(similar[0].index, 2u);
  EXPECT_GT(similar[0].score, 0.9);
  EXPECT_EQ(similar[1].index, 1u);
  EXPECT_THAT(RankSimilar({}, candidates), IsEmpty());
}

}  // namespace
}  // namespace veche::polling
