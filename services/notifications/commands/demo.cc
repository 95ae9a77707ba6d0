#include "services/notifications/commands/demo.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/api/timestamp.h"
#include "common/auth/access.h"
#include "common/base/status_macros.h"
#include "common/rpc/call.h"
#include "common/rpc/status.h"
#include "veche/notifications/v1/alerts.grpc.pb.h"

namespace veche::notifications {
namespace {

constexpr char kFile[] = "alerts.tsv";
constexpr absl::Duration kTimeout = absl::Seconds(10);
constexpr int kPageSize = 200;
// The columns before the texts.
enum Column { kSeverityColumn, kTopic, kDistrict, kPublishHours, kExpireHours, kTexts };
constexpr absl::string_view kTextLanguages[] = {"ru", "uk", "tt", "en"};

// Titles in all languages, by which an alert is known.
using Titles = std::map<std::string, std::string>;
Titles TitlesOf(const v1::Alert& alert) { return {alert.titles().begin(), alert.titles().end()}; }

using AlertsByTitles = std::map<Titles, v1::Alert>;

template <typename Request, typename Response>
absl::Status Call(v1::Alerts::Stub& stub,
                  grpc::Status (v1::Alerts::Stub::*method)(grpc::ClientContext*, const Request&,
                                                           Response*),
                  const Request& request, Response& response) {
  const auto context = rpc::NewBackgroundContext(auth::kCommands, kTimeout);
  return rpc::FromGrpc((stub.*method)(context.get(), request, &response));
}

absl::StatusOr<AlertsByTitles> ListAll(v1::Alerts::Stub& stub) {
  AlertsByTitles found;
  v1::ListAlertsRequest request;
  request.set_page_size(kPageSize);
  for (const v1::Alert::State state :
       {v1::Alert::DRAFT, v1::Alert::IN_REVIEW, v1::Alert::SCHEDULED, v1::Alert::PUBLISHED,
        v1::Alert::EXPIRED, v1::Alert::CANCELLED, v1::Alert::SUPERSEDED}) {
    request.add_state(state);
  }
  do {
    v1::ListAlertsResponse page;
    RETURN_IF_ERROR(Call(stub, &v1::Alerts::Stub::ListAlerts, request, page));
    for (v1::Alert& alert : *page.mutable_alerts()) {
      Titles titles = TitlesOf(alert);
      found.emplace(std::move(titles), std::move(alert));
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return found;
}

// InvalidArgument when the cells are not what they must be.
absl::StatusOr<v1::Alert> ReadAlert(const DemoFiles::Row& row, absl::Time now) {
  v1::Alert alert;
  v1::Alert::Severity severity;
  int publish = 0, expire = 0;
  if (!v1::Alert::Severity_Parse(std::string(row[kSeverityColumn]), &severity) ||
      !absl::SimpleAtoi(row[kPublishHours], &publish) ||
      !absl::SimpleAtoi(row[kExpireHours], &expire)) {
    return absl::InvalidArgumentError("severity and hours are not right");
  }
  alert.set_severity(severity);
  alert.set_topic(absl::StrCat("topics/", row[kTopic]));
  if (!row[kDistrict].empty()) alert.add_districts(absl::StrCat("districts/", row[kDistrict]));
  *alert.mutable_publish_time() = api::ToTimestamp(now + absl::Hours(publish));
  *alert.mutable_expire_time() = api::ToTimestamp(now + absl::Hours(expire));
  size_t column = kTexts;
  for (auto* texts : {alert.mutable_titles(), alert.mutable_bodies()}) {
    for (const absl::string_view language : kTextLanguages) {
      const absl::string_view text = row[column++];
      if (!text.empty()) (*texts)[std::string(language)] = std::string(text);
    }
  }
  return alert;
}

// Creates and publishes the alert, unless that has happened before.
absl::Status LoadAlert(v1::Alerts::Stub& stub, const AlertsByTitles& known, v1::Alert alert) {
  if (const auto found = known.find(TitlesOf(alert)); found != known.end()) {
    alert = found->second;
  } else {
    v1::CreateAlertRequest create;
    *create.mutable_alert() = std::move(alert);
    alert.Clear();
    RETURN_IF_ERROR(Call(stub, &v1::Alerts::Stub::CreateAlert, create, alert));
  }
  if (alert.state() != v1::Alert::DRAFT) return absl::OkStatus();
  v1::PublishAlertRequest publish;
  publish.set_name(alert.name());
  return Call(stub, &v1::Alerts::Stub::PublishAlert, publish, alert);
}

}  // namespace

absl::Status LoadDemoAlerts(const std::shared_ptr<grpc::Channel>& notifications,
                            const DemoFiles& files, absl::Time now) {
  ASSIGN_OR_RETURN(const std::vector<DemoFiles::Row> rows,
                   files.Rows(kFile, {"severity", "topic", "districts", "publish_hours",
                                      "expire_hours", "title_ru", "title_uk", "title_tt",
                                      "title_en", "body_ru", "body_uk", "body_tt", "body_en"}));
  std::vector<v1::Alert> alerts;
  std::string faults;
  for (size_t i = 0; i < rows.size(); ++i) {
    absl::StatusOr<v1::Alert> alert = ReadAlert(rows[i], now);
    if (!alert.ok()) {
      absl::StrAppend(&faults, " Alert ", i + 1, ": ", alert.status().message(), ".");
      continue;
    }
    alerts.push_back(*std::move(alert));
  }
  if (!faults.empty()) return absl::InternalError(absl::StrCat(kFile, ":", faults));
  const auto stub = v1::Alerts::NewStub(notifications);
  ASSIGN_OR_RETURN(const AlertsByTitles known, ListAll(*stub));
  for (size_t i = 0; i < alerts.size(); ++i) {
    const absl::Status loaded = LoadAlert(*stub, known, alerts[i]);
    if (absl::IsUnavailable(loaded)) return loaded;  // the caller tries all again
    if (!loaded.ok()) absl::StrAppend(&faults, " Alert ", i + 1, ": ", loaded.message(), ".");
  }
  if (!faults.empty()) return absl::InternalError(absl::StrCat(kFile, ":", faults));
  return absl::OkStatus();
}

}  // namespace veche::notifications
