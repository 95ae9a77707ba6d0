// The data from which classification learns: events with the changes, and masked texts.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/appeals/testing/calls_fixture.h"
#include "services/appeals/testing/test_appeals.h"
#include "services/appeals/workers/router.h"
#include "veche/appeals/v1/events.pb.h"

namespace veche::appeals {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::StatusIs;

class AppealsLearningTest : public CallsTest {
 protected:
  // The newest event of that type.
  v1::AppealEvent EventOf(absl::string_view type) {
    v1::AppealEvent found;
    const auto events = log_.ReadAfter("", 100);
    EXPECT_OK(events);
    for (const events::Event& event : *events) {
      if (event.type == absl::StrCat("veche.appeals.", type)) found.ParseFromString(event.data);
    }
    return found;
  }
  absl::StatusOr<v1::BatchGetTextsResponse> Texts(const std::vector<std::string>& names,
                                                  absl::string_view service = "classification") {
    v1::BatchGetTextsRequest request;
    for (const std::string& name : names) request.add_names(name);
    return text_calls_.BatchGetTexts(rpc::testing::MakeCall(rpc::testing::Service(service)),
                                     request);
  }
};

TEST_F(AppealsLearningTest, TheRouterTellsWhatTheClassifierSaid) {
  Appeal appeal = MakeAppeal(
      ids_, {.text = "Яма", .category = "", .department = "", .state = State::kSubmitted});
  appeal.registered.reset();
  ASSERT_OK(CreateAppeal(*database_, store_, appeal));
  Router router(store_, city_, rules_, peers_.channel(), calendar_, clock_,
                observe::NullTelemetry());
  const auto effect = router.Handle(
      {{.type = "veche.appeals.submitted", .subject = absl::StrCat("appeals/", appeal.id)}});
  ASSERT_OK(effect);
  ASSERT_OK(
      database_->Write([&](sql::Transaction& transaction) { return (*effect)(transaction); }));
  const v1::AppealEvent registered = EventOf("registered");
  EXPECT_EQ(registered.suggestion().category(), "categories/potholes");
  EXPECT_EQ(registered.suggestion().model(), "m1");
  EXPECT_TRUE(registered.suggestion().confident());
  EXPECT_EQ(registered.department(), "departments/roads");
  EXPECT_FALSE(EventOf("assigned").has_suggestion());
}

TEST_F(AppealsLearningTest, AChangeNamesWhatWasBefore) {
  const v1::Appeal appeal = CreateInProgress();
  EXPECT_EQ(EventOf("assigned").actor(), "staff/boss");
  EXPECT_TRUE(EventOf("assigned").has_previous_category());
  EXPECT_EQ(EventOf("assigned").previous_category(), "");
  EXPECT_FALSE(EventOf("started").has_previous_category());
  v1::AssignAppealRequest assign;
  assign.set_name(appeal.name());
  assign.set_department("departments/housing");
  assign.set_category("categories/heating");
  ASSERT_OK(assign_calls_.AssignAppeal(rpc::testing::MakeCall(officer_), assign));
  EXPECT_EQ(EventOf("assigned").previous_category(), "categories/potholes");
  EXPECT_EQ(EventOf("assigned").previous_department(), "departments/roads");
  EXPECT_EQ(EventOf("assigned").category(), "categories/heating");
}

TEST_F(AppealsLearningTest, TextsAreMaskedAndInOrder) {
  const std::string first = Create(rpc::testing::Resident("ivan"))->name();
  const std::string second = Create(rpc::testing::Resident("anna"))->name();
  const auto texts = Texts({second, "appeals/junk", ids_.New(), first});
  ASSERT_OK(texts);
  EXPECT_EQ(texts->examined(), 4);
  ASSERT_EQ(texts->texts_size(), 2);
  EXPECT_EQ(texts->texts(0).name(), second);
  EXPECT_THAT(texts->texts(0).text(), Not(HasSubstr("123-45-67")));
  EXPECT_THAT(Texts(std::vector<std::string>(501, first)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(AppealsLearningTest, TextsSayWhereTheyComeFromButNoAddress) {
  v1::CreateAppealRequest request;
  request.set_text("Яма на дороге");
  request.mutable_location()->set_latitude(55.7912);
  request.mutable_location()->set_longitude(49.1168);
  request.mutable_location()->set_address("Липовая, 2");
  const auto appeal = Create(rpc::testing::Resident("ivan"), request);
  ASSERT_OK(appeal);
  const auto texts = Texts({appeal->name()});
  ASSERT_OK(texts);
  ASSERT_EQ(texts->texts_size(), 1);
  EXPECT_DOUBLE_EQ(texts->texts(0).location().latitude(), 55.795);
  EXPECT_DOUBLE_EQ(texts->texts(0).location().longitude(), 49.115);
  EXPECT_EQ(texts->texts(0).location().address(), "");
  EXPECT_EQ(texts->texts(0).district(), appeal->district());
  EXPECT_EQ(texts->texts(0).channel(), "web");
}

TEST_F(AppealsLearningTest, WithdrawnTextsAreNotGiven) {
  const std::string name = Create(rpc::testing::Resident("ivan"))->name();
  v1::WithdrawAppealRequest withdraw;
  withdraw.set_name(name);
  ASSERT_OK(author_calls_.WithdrawAppeal(rpc::testing::MakeCall(rpc::testing::Resident("ivan")),
                                         withdraw));
  EXPECT_EQ(Texts({name})->texts_size(), 0);
}

TEST_F(AppealsLearningTest, AnAnswerOfLongTextsIsCut) {
  v1::CreateAppealRequest request;
  for (int i = 0; i < 20'000; ++i) request.mutable_text()->append("ы");
  const std::string name = Create(rpc::testing::Resident("ivan"), request)->name();
  const auto texts = Texts(std::vector<std::string>(500, name));
  ASSERT_OK(texts);
  EXPECT_EQ(texts->examined(), 104);  // of 40,000 bytes in 4 MiB
  EXPECT_EQ(texts->texts_size(), 104);
}

}  // namespace
}  // namespace veche::appeals
