#include "services/appeals/calls/notice_calls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/api/timestamp.h"
#include "services/appeals/testing/calls_fixture.h"

namespace veche::appeals {
namespace {

using rpc::testing::MakeCall;
using rpc::testing::Resident;
using ::testing::HasSubstr;
using veche::testing::HasReason;

class NoticeCallsTest : public CallsTest {
 protected:
  absl::StatusOr<v1::ChangeNotice> GetNotice(const std::string& appeal, const std::string& type,
                                             absl::Time time) {
    v1::GetChangeNoticeRequest request;
    request.set_appeal(appeal);
    request.set_type(type);
    *request.mutable_time() = api::ToTimestamp(time);
    return notice_calls_.GetChangeNotice(MakeCall(rpc::testing::Service("notifications")), request);
  }
  void Ask(const std::string& name, const std::string& question) {
    v1::RequestInfoRequest ask;
    ask.set_name(name);
    ask.set_comment(question);
    EXPECT_OK(staff_calls_.RequestInfo(MakeCall(officer_), ask));
  }
};

TEST_F(NoticeCallsTest, AGuestsTokenCanBeMadeAgain) {
  const auto created = Create({});
  ASSERT_OK(created);
  const auto notice = GetNotice(created->name(), "veche.appeals.submitted", clock_.Now());
  ASSERT_OK(notice);
  EXPECT_EQ(notice->follow_token(), created->follow_token());
  EXPECT_EQ(notice->number(), created->number());
  EXPECT_OK(Get(created->name(), {}, notice->follow_token()));
  EXPECT_EQ(GetNotice(Create(Resident("ivan"))->name(), "veche.appeals.submitted", clock_.Now())
                ->follow_token(),
            "");
}

TEST_F(NoticeCallsTest, ARandomTokenOfAnEarlierReleaseIsNotMadeUp) {
  const auto created = Create({});
  ASSERT_OK(created);
  ASSERT_OK(database_->Write([](sql::Transaction& transaction) {
    return transaction.Execute("UPDATE appeals SET follow_token_hash = $1", HashToken("random"))
        .status();
  }));
  EXPECT_OK(Get(created->name(), {}, "random"));
  EXPECT_EQ(GetNotice(created->name(), "veche.appeals.submitted", clock_.Now())->follow_token(),
            "");
}

TEST_F(NoticeCallsTest, AQuestionIsForTheAuthorAlone) {
  const v1::Appeal appeal = CreateInProgress();
  clock_.Advance(absl::Seconds(1));
  Ask(appeal.name(), "Где именно?");
  const absl::Time asked = clock_.Now();
  const auto notice = GetNotice(appeal.name(), "veche.appeals.info_requested", asked);
  ASSERT_OK(notice);
  EXPECT_EQ(notice->author(), "residents/ivan");
  ASSERT_EQ(notice->said_size(), 4);
  EXPECT_THAT(notice->said().at("uk").author_text(), HasSubstr("Где именно?"));
  EXPECT_EQ(notice->said().at("uk").public_text(), "");
}

TEST_F(NoticeCallsTest, EachEventHasWhatWasSaidWithIt) {
  const v1::Appeal appeal = CreateInProgress();
  std::vector<absl::Time> times;
  for (const char* question : {"Первый вопрос", "Второй вопрос"}) {
    clock_.Advance(absl::Minutes(1));
    Ask(appeal.name(), question);
    times.push_back(clock_.Now() + absl::Microseconds(300));
    clock_.Advance(absl::Minutes(1));
    EXPECT_OK(Write(appeal.name(), Resident("ivan"), "Ответ"));
  }
  const auto said = [&](absl::Time time) {
    return GetNotice(appeal.name(), "veche.appeals.info_requested", time)
        ->said()
        .at("ru")
        .author_text();
  };
  EXPECT_EQ(said(times[0]), "Первый вопрос");
  EXPECT_EQ(said(times[1]), "Второй вопрос");
}

TEST_F(NoticeCallsTest, AnAnswerIsForEveryone) {
  const v1::Appeal appeal = CreateInProgress();
  v1::ResolveAppealRequest resolve;
  resolve.set_name(appeal.name());
  resolve.set_answer("Яма заделана.");
  ASSERT_OK(staff_calls_.ResolveAppeal(MakeCall(officer_), resolve));
  const auto notice = GetNotice(appeal.name(), "veche.appeals.resolved", clock_.Now());
  ASSERT_OK(notice);
  EXPECT_EQ(notice->said().at("en").public_text(), "Яма заделана.");
  EXPECT_EQ(notice->said().at("en").author_text(), "Яма заделана.");
}

TEST_F(NoticeCallsTest, NotesOfStaffAreForNobody) {
  const v1::Appeal appeal = CreateInProgress();
  clock_.Advance(absl::Hours(24 * 60));
  const auto notice = GetNotice(appeal.name(), "veche.appeals.escalated", clock_.Now());
  ASSERT_OK(notice);
  EXPECT_EQ(notice->said_size(), 0);
  EXPECT_TRUE(notice->has_due_time());
}

TEST_F(NoticeCallsTest, RefusesWhatItDoesNotKnow) {
  EXPECT_THAT(GetNotice("appeals/01hzzzzzzzzzzzzzzzzzzzzzzz", "veche.appeals.resolved", {}),
              HasReason("APPEAL_NOT_FOUND"));
  EXPECT_EQ(GetNotice(Create({})->name(), "nonsense", {}).status().message(),
            "INVALID_FIELDS: type EVENT_TYPE");
}

}  // namespace
}  // namespace veche::appeals
