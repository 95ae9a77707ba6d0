#pragma once

#include <gtest/gtest.h>

#include "common/rpc/idempotency.h"
#include "common/rpc/testing.h"
#include "common/sql/testing.h"
#include "common/testing/fake_clock.h"
#include "common/testing/status_matchers.h"
#include "google/rpc/error_details.pb.h"
#include "services/appeals/calls/assign_calls.h"
#include "services/appeals/calls/author_calls.h"
#include "services/appeals/calls/import_calls.h"
#include "services/appeals/calls/list_calls.h"
#include "services/appeals/calls/message_calls.h"
#include "services/appeals/calls/notice_calls.h"
#include "services/appeals/calls/read_calls.h"
#include "services/appeals/calls/staff_calls.h"
#include "services/appeals/calls/submit_calls.h"
#include "services/appeals/calls/text_calls.h"
#include "services/appeals/storage/store.h"
#include "services/appeals/testing/fakes.h"
#include "services/appeals/texts.h"
#include "services/appeals/workers/city.h"

// Calls over a database in memory, for their tests.

namespace veche::appeals {

inline std::vector<std::string> BadFields(const absl::Status& status) {
  std::vector<std::string> fields;
  auto payload = status.GetPayload("type.googleapis.com/google.rpc.BadRequest");
  google::rpc::BadRequest bad_request;
  if (!payload || !bad_request.ParseFromString(std::string(*payload))) return fields;
  for (const auto& violation : bad_request.field_violations()) fields.push_back(violation.field());
  return fields;
}

class CallsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(sql::Migrate(*database_,
                           {events::Migrations(), rpc::IdempotencyMigrations(), Migrations()}));
    ASSERT_OK(city_.Refresh());
  }

  absl::StatusOr<v1::Appeal> Create(const auth::Principal& caller,
                                    v1::CreateAppealRequest request = {}) {
    if (request.text().empty()) request.set_text("Яма на дороге, звоните +7 999 123-45-67");
    return submit_calls_.CreateAppeal(rpc::testing::MakeCall(caller), request);
  }
  // An appeal of the roads department, in progress.
  v1::Appeal CreateInProgress(const auth::Principal& caller = rpc::testing::Resident("ivan")) {
    v1::Appeal appeal = *Create(caller);
    v1::AssignAppealRequest assign;
    assign.set_name(appeal.name());
    assign.set_department("departments/roads");
    assign.set_category("categories/potholes");
    EXPECT_OK(assign_calls_.AssignAppeal(rpc::testing::MakeCall(rpc::testing::Supervisor("boss")),
                                         assign));
    v1::StartAppealRequest start;
    start.set_name(appeal.name());
    EXPECT_OK(staff_calls_.StartAppeal(rpc::testing::MakeCall(officer_), start));
    return appeal;
  }
  absl::StatusOr<v1::Appeal> Get(const std::string& name, const auth::Principal& caller,
                                 const std::string& token = "") {
    v1::GetAppealRequest request;
    request.set_name(name);
    request.set_follow_token(token);
    return read_calls_.GetAppeal(rpc::testing::MakeCall(caller), request);
  }
  absl::StatusOr<v1::Message> Write(const std::string& parent, const auth::Principal& caller,
                                    const std::string& text, bool internal = false) {
    v1::CreateMessageRequest request;
    request.set_parent(parent);
    request.set_text(text);
    request.set_internal(internal);
    return message_calls_.CreateMessage(rpc::testing::MakeCall(caller), request);
  }
  std::vector<std::string> TimelineTypes(const std::string& name, const auth::Principal& caller) {
    v1::GetTimelineRequest request;
    request.set_name(name);
    std::vector<std::string> types;
    auto timeline = read_calls_.GetTimeline(rpc::testing::MakeCall(caller), request);
    EXPECT_OK(timeline);
    for (const auto& entry : timeline->entries()) types.push_back(entry.type());
    return types;
  }

  testing::FakeClock clock_;
  UlidSource ids_{clock_};
  std::unique_ptr<sql::Database> database_ = sql::testing::OpenInMemory();
  events::EventLog log_{"appeals", *database_, clock_, ids_};
  Store store_{*database_, log_, absl::UTCTimeZone()};
  Peers peers_;
  City city_{peers_.channel(), observe::NullTelemetry()};
  WatcherHub watchers_{WatcherHubOptions()};
  std::unique_ptr<identity::v1::Identity::StubInterface> identity_ =
      identity::v1::Identity::NewStub(peers_.channel());
  WorkingCalendar calendar_ = WorkingCalendar::Russia(absl::UTCTimeZone());
  RuleStore rule_store_{*database_};
  RuleBook rules_{rule_store_};
  const Texts texts_ = *Texts::Parse({CommonTexts(), TextFiles()});
  const CityProvider city_copy_ = [this] { return city_.Get(); };
  AppealChange change_{*database_, store_, calendar_, clock_};
  const FollowTokens tokens_{std::string(32, 'k')};
  SubmitCalls submit_calls_{{*database_, store_, city_copy_, *identity_, clock_, ids_, tokens_}};
  ReadCalls read_calls_{store_, texts_, watchers_, city_copy_};
  ListCalls list_calls_{store_, clock_};
  AuthorCalls author_calls_{change_};
  MessageCalls message_calls_{change_};
  AssignCalls assign_calls_{change_, city_copy_, rules_};
  StaffCalls staff_calls_{change_};
  ImportCalls import_calls_{{store_, city_copy_, calendar_, clock_, ids_, texts_}};
  TextCalls text_calls_{store_};
  NoticeCalls notice_calls_{store_, texts_, tokens_, city_copy_};
  const auth::Principal officer_ = rpc::testing::Officer("olga", "departments/roads");
};

}  // namespace veche::appeals
