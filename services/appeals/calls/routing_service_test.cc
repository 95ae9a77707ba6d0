#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/api/metadata.h"
#include "common/base/error.h"
#include "google/protobuf/text_format.h"
#include "google/rpc/error_details.pb.h"
#include "services/appeals/testing/service_fixture.h"
#include "veche/appeals/v1/routing.grpc.pb.h"
#include "veche/events/v1/event_log.grpc.pb.h"

// Routing rules through the whole service. In the fake city, roads has the category potholes and
// housing has heating; Create reports a problem in the eastern of two districts.

namespace veche::appeals {
namespace {

using rpc::testing::Admin;
using rpc::testing::Officer;
using rpc::testing::Resident;
using rpc::testing::Supervisor;
using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::HasSubstr;
using testing::StatusIs;

// One rule: eastern potholes whose text mentions a hatch go to housing.
constexpr char kHatches[] = R"pb(
  rules {
    id: "hatches"
    title: "Люки востока"
    when { categories: "categories/potholes" districts: "districts/east" keywords: "люк" }
    department: "departments/housing"
  }
)pb";

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message));
  return message;
}

std::vector<std::string> BadFields(const absl::Status& status) {
  std::vector<std::string> fields;
  google::rpc::BadRequest bad_request;
  if (auto payload = status.GetPayload("type.googleapis.com/google.rpc.BadRequest")) {
    bad_request.ParseFromString(std::string(*payload));
  }
  for (const auto& violation : bad_request.field_violations()) fields.push_back(violation.field());
  return fields;
}

class RoutingServiceTest : public ServiceTest {
 protected:
  using Stub = v1::RoutingRules::Stub;

  void SetUp() override {
    ServiceTest::SetUp();
    rules_ = v1::RoutingRules::NewStub(server_->channel());
  }

  template <typename Request, typename Response>
  absl::StatusOr<Response> AskRules(grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                                 const Request&, Response*),
                                    const auth::Principal& caller, const Request& request) {
    auto context = server_->ContextFor(caller);
    Response response;
    absl::Status status = rpc::FromGrpc((rules_.get()->*method)(context.get(), request, &response));
    if (!status.ok()) return status;
    return response;
  }
  absl::StatusOr<v1::RoutingRuleSet> Save(const std::string& rules, const std::string& etag = "",
                                          const auth::Principal& caller = Admin("ann")) {
    auto request = Parse<v1::UpdateRoutingRulesRequest>(rules);
    request.set_etag(etag);
    return AskRules(&Stub::UpdateRoutingRules, caller, request);
  }
  absl::StatusOr<v1::Appeal> Recategorize(const v1::Appeal& appeal, const std::string& category,
                                          const auth::Principal& caller) {
    v1::AssignAppealRequest request;
    request.set_name(appeal.name());
    request.set_category(category);
    request.set_comment("Не та тема.");
    return Ask(&v1::Appeals::Stub::AssignAppeal, caller, request);
  }
  v1::Appeal Routed(const std::string& text) {
    auto created = Create(text, Resident("ivan"));
    EXPECT_OK(created);
    return WaitFor(created->name(), v1::Appeal::ASSIGNED);
  }
  // "TYPE: comment" of the timeline as its author reads it.
  std::vector<std::string> Timeline(const std::string& name, const char* language = "ru") {
    v1::GetTimelineRequest request;
    request.set_name(name);
    auto context = server_->ContextFor(Resident("ivan"));
    context->AddMetadata(api::kLanguageMetadata, language);
    v1::Timeline timeline;
    EXPECT_OK(rpc::FromGrpc(stub_->GetTimeline(context.get(), request, &timeline)));
    std::vector<std::string> lines;
    for (const auto& entry : timeline.entries()) {
      lines.push_back(absl::StrCat(entry.type(), ": ", entry.comment()));
    }
    return lines;
  }

  const auth::Principal roads_ = Officer("olga", "departments/roads");
  std::unique_ptr<Stub> rules_;
};

TEST_F(RoutingServiceTest, TheTimelineSpeaksItsReadersLanguage) {
  const std::string name = Routed("Яма").name();
  EXPECT_EQ(Timeline(name, "ru").back(), "ASSIGNED: По категории обращения.");
  EXPECT_EQ(Timeline(name, "uk").back(), "ASSIGNED: За категорією звернення.");
  EXPECT_EQ(Timeline(name, "tt").back(), "ASSIGNED: Мөрәҗәгатьнең категориясе буенча.");
  EXPECT_EQ(Timeline(name, "en").back(), "ASSIGNED: By the category of the appeal.");
}

TEST_F(RoutingServiceTest, ARuleSendsNewAppealsElsewhereAndSaysSo) {
  const v1::Appeal before = Routed("Яма, а в ней открытый люк");
  EXPECT_EQ(before.department(), "departments/roads");
  EXPECT_EQ(before.routing().by(), v1::Routing::CATEGORY);
  EXPECT_EQ(before.routing().title(), "Ямы на дорогах");

  auto saved = Save(kHatches);
  ASSERT_OK(saved);
  EXPECT_EQ(saved->version(), 1);
  EXPECT_EQ(saved->updater(), "staff/ann");
  const v1::Appeal after = Routed("Яма, а в ней два открытых люка");
  EXPECT_EQ(after.department(), "departments/housing");
  EXPECT_EQ(after.category(), "categories/potholes");
  EXPECT_EQ(after.routing().by(), v1::Routing::RULE);
  EXPECT_EQ(after.routing().rule(), "hatches");
  EXPECT_EQ(after.routing().title(), "Люки востока");
  EXPECT_EQ(after.routing().probability(), 0.9);
  EXPECT_THAT(Timeline(after.name()),
              ::testing::Contains("ASSIGNED: По правилу города: Люки востока"));
  EXPECT_FALSE(Get(after.name(), Resident("ivan"))->has_routing());
  EXPECT_EQ(Routed("Яма").department(), "departments/roads");
}

TEST_F(RoutingServiceTest, KeepsVersionsAndRefusesAStaleEtag) {
  auto empty = AskRules(&Stub::GetRoutingRules, roads_, v1::GetRoutingRulesRequest());
  ASSERT_OK(empty);
  EXPECT_EQ(empty->version(), 0);
  ASSERT_OK(Save(kHatches, empty->etag()));
  EXPECT_THAT(Save("", empty->etag()), HasReason("ETAG_MISMATCH"));
  ASSERT_OK(Save("", "\"1\""));
  auto now = AskRules(&Stub::GetRoutingRules, roads_, v1::GetRoutingRulesRequest());
  EXPECT_EQ(now->version(), 2);
  EXPECT_EQ(now->rules_size(), 0);
  v1::GetRoutingRulesRequest first;
  first.set_version(1);
  EXPECT_EQ(AskRules(&Stub::GetRoutingRules, roads_, first)->rules(0).id(), "hatches");
  first.set_version(3);
  EXPECT_THAT(AskRules(&Stub::GetRoutingRules, roads_, first),
              HasReason("ROUTING_RULES_NOT_FOUND"));
  EXPECT_THAT(Save("", "", Supervisor("boss")), StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(AskRules(&Stub::GetRoutingRules, Resident("ivan"), v1::GetRoutingRulesRequest()),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(RoutingServiceTest, RefusesWhatCannotBeRight) {
  const std::string contradicting = absl::StrCat(kHatches, R"pb(
    rules {
      id: "other"
      title: "Другое"
      when { categories: "categories/potholes" districts: "districts/east" keywords: "люки" }
      department: "departments/roads"
    }
    rules {
      id: "late"
      title: "Поздно"
      when {
        districts: "districts/none"
        hours { from: "7:00" to: "25:00" }
        weekdays: 9
      }
      department: "departments/roads"
    })pb");
  const absl::Status refused = Save(contradicting).status();
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(BadFields(refused),
              ::testing::UnorderedElementsAre("rules[1].department", "rules[2].when.districts[0]",
                                              "rules[2].when.hours.from", "rules[2].when.hours.to",
                                              "rules[2].when.weekdays[0]"));
  auto checked = AskRules(&Stub::CheckRoutingRules, Supervisor("boss"),
                          Parse<v1::CheckRoutingRulesRequest>(contradicting));
  ASSERT_OK(checked);
  EXPECT_EQ(checked->violations_size(), 5);
  EXPECT_EQ(AskRules(&Stub::GetRoutingRules, roads_, {})->version(), 0);
}

TEST_F(RoutingServiceTest, ADryRunShowsWhatWouldChange) {
  const v1::Appeal hatch = Routed("Яма, а в ней люк");
  Routed("Яма");
  auto run = AskRules(&Stub::DryRunRoutingRules, Admin("ann"),
                      Parse<v1::DryRunRoutingRulesRequest>(kHatches));
  ASSERT_OK(run);
  EXPECT_EQ(run->looked_at(), 2);
  EXPECT_EQ(run->changed(), 1);
  ASSERT_EQ(run->examples_size(), 1);
  EXPECT_EQ(run->examples(0).appeal(), hatch.name());
  EXPECT_EQ(run->examples(0).from(), "departments/roads");
  EXPECT_EQ(run->examples(0).to(), "departments/housing");
  EXPECT_EQ(run->examples(0).rule(), "hatches");
  ASSERT_EQ(run->moves_size(), 1);
  EXPECT_EQ(run->moves(0).count(), 1);
  EXPECT_EQ(Get(hatch.name())->department(), "departments/roads");

  // Once the rules are in force, a dry run of the old ones shows the way back.
  ASSERT_OK(Save(kHatches));
  const v1::Appeal moved = Routed("Яма, а в ней люк");
  run = AskRules(&Stub::DryRunRoutingRules, Admin("ann"),
                 Parse<v1::DryRunRoutingRulesRequest>("count: 1"));
  ASSERT_EQ(run->examples_size(), 1);
  EXPECT_EQ(run->examples(0).appeal(), moved.name());
  EXPECT_EQ(run->examples(0).to(), "departments/roads");
  for (const char* count : {"count: 0", "count: 1001"}) {
    EXPECT_THAT(AskRules(&Stub::DryRunRoutingRules, Admin("ann"),
                         Parse<v1::DryRunRoutingRulesRequest>(count)),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST_F(RoutingServiceTest, AnotherCategoryRoutesAnewAndKeepsTheAssigneeWhereItFits) {
  ASSERT_OK(Save(R"pb(rules {
                        id: "east"
                        title: "Тепло востока"
                        when { categories: "categories/heating" districts: "districts/east" }
                        department: "departments/roads"
                      })pb"));
  const v1::Appeal routed = Routed("Яма");
  v1::StartAppealRequest start;
  start.set_name(routed.name());
  ASSERT_OK(Ask(&v1::Appeals::Stub::StartAppeal, roads_, start));
  auto kept = Recategorize(routed, "categories/heating", roads_);
  ASSERT_OK(kept);
  EXPECT_EQ(kept->category(), "categories/heating");
  EXPECT_EQ(kept->department(), "departments/roads");
  EXPECT_EQ(kept->assignee(), "staff/olga");
  EXPECT_EQ(kept->state(), v1::Appeal::IN_PROGRESS);
  EXPECT_EQ(kept->routing().rule(), "east");

  ASSERT_OK(Save(""));
  auto moved = Recategorize(*kept, "categories/heating", Supervisor("boss"));
  ASSERT_OK(moved);
  EXPECT_EQ(moved->department(), "departments/housing");
  EXPECT_EQ(moved->assignee(), "");
  EXPECT_EQ(moved->state(), v1::Appeal::ASSIGNED);
  EXPECT_THAT(
      Timeline(routed.name()),
      ElementsAre("SUBMITTED: ", "REGISTERED: ", "ASSIGNED: По категории обращения.", "STARTED: ",
                  "CATEGORY_CHANGED: Категория: Ямы на дорогах → Отопление\nНе та тема.",
                  HasSubstr("DEADLINE_CHANGED: "), "CATEGORY_CHANGED: Не та тема.",
                  "ASSIGNED: По категории обращения."));
}

TEST_F(RoutingServiceTest, AnotherPlaceRoutesAnew) {
  ASSERT_OK(Save(R"pb(rules {
                        id: "west"
                        title: "Запад"
                        when { districts: "districts/west" }
                        department: "departments/housing"
                      })pb"));
  const v1::Appeal routed = Routed("Яма");
  EXPECT_EQ(routed.department(), "departments/roads");
  v1::RelocateAppealRequest request;
  request.set_name(routed.name());
  request.mutable_location()->set_address("Зелёная, 1");
  EXPECT_THAT(
      BadFields(Ask(&v1::Appeals::Stub::RelocateAppeal, Supervisor("boss"), request).status()),
      ElementsAre("location"));
  request.mutable_location()->set_latitude(55.8);
  request.mutable_location()->set_longitude(49.05);
  request.set_comment("Дом в другом районе.");
  auto moved = Ask(&v1::Appeals::Stub::RelocateAppeal, roads_, request);
  ASSERT_OK(moved);
  EXPECT_EQ(moved->district(), "districts/west");
  EXPECT_EQ(moved->location().address(), "Зелёная, 1");
  EXPECT_EQ(moved->department(), "departments/housing");
  EXPECT_EQ(moved->routing().rule(), "west");
  EXPECT_THAT(
      Timeline(routed.name()),
      ::testing::Contains("LOCATION_CHANGED: Район: Восточный → Западный\nДом в другом районе."));
  auto found = [&](const std::string& words) {
    v1::ListAppealsRequest search;
    search.set_q(words);
    return Ask(&v1::Appeals::Stub::ListAppeals, {}, search)->appeals_size();
  };
  EXPECT_EQ(found("Зелёная"), 1);
  // After the move, only the words that the text also has remain of the old address.
  request.mutable_location()->set_address("Липовая, яма у дома 2");
  ASSERT_OK(Ask(&v1::Appeals::Stub::RelocateAppeal, Supervisor("boss"), request));
  request.mutable_location()->set_address("Кленовая, 3");
  ASSERT_OK(Ask(&v1::Appeals::Stub::RelocateAppeal, Supervisor("boss"), request));
  EXPECT_EQ(found("Зелёная"), 0);
  EXPECT_EQ(found("Липовая"), 0);
  EXPECT_EQ(found("яма"), 1);
  EXPECT_EQ(found("Кленовая"), 1);
}

TEST_F(RoutingServiceTest, APersonsChoiceIsNamedAsSuch) {
  const v1::Appeal routed = Routed("Яма");
  v1::AssignAppealRequest assign;
  assign.set_name(routed.name());
  EXPECT_THAT(BadFields(Ask(&v1::Appeals::Stub::AssignAppeal, roads_, assign).status()),
              ElementsAre("department"));
  assign.set_department("departments/housing");
  auto moved = Ask(&v1::Appeals::Stub::AssignAppeal, Supervisor("boss"), assign);
  ASSERT_OK(moved);
  EXPECT_EQ(moved->routing().by(), v1::Routing::PERSON);
  v1::RejectAppealRequest reject;
  reject.set_name(routed.name());
  reject.set_reason(v1::RejectAppealRequest::OTHER);
  reject.set_comment("Нет.");
  ASSERT_OK(Ask(&v1::Appeals::Stub::RejectAppeal, Supervisor("boss"), reject));
  EXPECT_THAT(Recategorize(*moved, "categories/potholes", Supervisor("boss")),
              HasReason("TRANSITION_NOT_ALLOWED"));
}

}  // namespace
}  // namespace veche::appeals
