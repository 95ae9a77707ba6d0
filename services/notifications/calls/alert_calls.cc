#include "services/notifications/calls/alert_calls.h"

#include <optional>
#include <vector>

#include "common/base/status_macros.h"
#include "common/text/normalize.h"
#include "common/text/utf8.h"
#include "services/notifications/domain/alert_errors.h"

namespace veche::notifications {
namespace {

constexpr int kMostTries = 5;

bool IsOperator(const rpc::Call& call) { return call.principal().Is(options::v1::SERVICE); }

absl::Status CheckEtag(const Alert& alert, absl::string_view etag) {
  const std::string current = EtagOf(alert);
  return etag.empty() || etag == current ? absl::OkStatus() : AlertEtagMismatch(current);
}

std::string ReadRemark(absl::string_view text, absl::string_view field, Violations& violations) {
  const Text problem =
      text::TextProblem(text, {.min_characters = 1, .max_characters = kLongestRemark});
  if (!problem.empty()) violations.Add(field, problem);
  return text::Clean(text);
}

}  // namespace

AlertView AlertCalls::ViewFor(const rpc::Call& call) const {
  return {.language = call.language(),
          .now = parts_.clock.Now(),
          .public_url = parts_.public_url,
          .editor = call.principal().Is(options::v1::EDITOR) || IsOperator(call)};
}

absl::StatusOr<Alert> AlertCalls::Find(const rpc::Call& call, absl::string_view name) {
  std::optional<Alert> alert;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(alert, parts_.store.Get(transaction, AlertId(name)));
    return absl::OkStatus();
  }));
  if (!alert || !(IsPublic(*alert) || ViewFor(call).editor)) return AlertNotFound(name);
  return *std::move(alert);
}

absl::StatusOr<v1::Alert> AlertCalls::GetAlert(const rpc::Call& call,
                                               const v1::GetAlertRequest& request) {
  ASSIGN_OR_RETURN(const Alert alert, Find(call, request.name()));
  return ToWire(alert, ViewFor(call));
}

absl::StatusOr<Alert> AlertCalls::MakeAlert(const rpc::Call& call, v1::Alert wire,
                                            const Alert* former, Violations violations) {
  AlertRules rules{.now = parts_.clock.Now(),
                   .former_topic = former == nullptr ? "" : former->content.topic,
                   .past = IsOperator(call)};
  const std::shared_ptr<const DistrictMap> districts = parts_.districts();
  rules.districts = districts.get();
  if (districts == nullptr && NeedsDistricts(wire)) return CityUnknown();
  RETURN_IF_ERROR(parts_.files.TakeFiles(call, wire, violations));
  const std::string supersedes = AlertId(wire.supersedes());
  std::optional<Alert> superseded;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(rules.topics, parts_.store.ListTopics(transaction));
    if (supersedes.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(superseded, parts_.store.Get(transaction, supersedes));
    return absl::OkStatus();
  }));
  Alert alert = ReadAlert(wire, rules, violations);
  const bool same = former != nullptr && former->supersedes == supersedes;
  if (!supersedes.empty() && !same &&
      (!superseded || StateAt(*superseded, rules.now) != AlertState::kPublished)) {
    violations.Add("supersedes", "SUPERSEDES_UNKNOWN");
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return alert;
}

absl::StatusOr<v1::Alert> AlertCalls::CreateAlert(const rpc::Call& call,
                                                  const v1::CreateAlertRequest& request,
                                                  Violations violations) {
  v1::Alert wire = request.alert();
  NameLanguages(parts_.language, wire);
  ASSIGN_OR_RETURN(Alert alert, MakeAlert(call, std::move(wire), nullptr, std::move(violations)));
  alert.id = parts_.ids.New();
  alert.author = alert.editor = call.principal().name;
  alert.create_time = alert.update_time = parts_.clock.Now();
  v1::Alert answer = ToWire(alert, ViewFor(call));
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(parts_.store.Add(transaction, alert));
    return call.Remember(transaction, answer);
  }));
  return answer;
}

absl::StatusOr<v1::Alert> AlertCalls::UpdateAlert(
    const rpc::Call& call, const v1::UpdateAlertRequest& request,
    // A handler takes its violations by value.
    // NOLINTNEXTLINE(performance-unnecessary-value-param)
    Violations violations) {
  v1::Alert update = request.alert();
  NameLanguages(parts_.language, update);
  // Another editor may change the alert in between; the update is then made to the new one.
  for (int tries = 0; tries < kMostTries; ++tries) {
    ASSIGN_OR_RETURN(const Alert old, Find(call, update.name()));
    RETURN_IF_ERROR(CheckEtag(old, request.etag()));
    Violations found = violations;
    v1::Alert merged = Merge(ToWire(old, ViewFor(call)), update, request.update_mask(), found);
    ASSIGN_OR_RETURN(const Alert changed,
                     MakeAlert(call, std::move(merged), &old, std::move(found)));
    bool raced = false;
    const absl::StatusOr<v1::Alert> answer =
        Run(call, update.name(), request.etag(), [&](Alert& alert) -> absl::StatusOr<AlertStep> {
          raced = alert.version != old.version;
          if (raced) return absl::AbortedError("the alert was changed");
          return Edit(alert, changed, call.principal().name, parts_.clock.Now());
        });
    if (answer.ok() || !raced) return answer;
  }
  return absl::AbortedError("the alert is changed all the time");
}

absl::StatusOr<v1::Alert> AlertCalls::Run(const rpc::Call& call, absl::string_view name,
                                          absl::string_view etag, Change change) {
  const AlertView view = ViewFor(call);
  v1::Alert answer;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(std::optional<Alert> alert, parts_.store.Lock(transaction, AlertId(name)));
    if (!alert) return AlertNotFound(name);
    RETURN_IF_ERROR(CheckEtag(*alert, etag));
    ASSIGN_OR_RETURN(const AlertStep step, change(*alert));
    RETURN_IF_ERROR(parts_.store.Save(transaction, *alert, step, view.now));
    answer = ToWire(*alert, view);
    return call.Remember(transaction, answer);
  }));
  parts_.on_change();
  return answer;
}

absl::StatusOr<v1::Alert> AlertCalls::RequestReview(const rpc::Call& call,
                                                    const v1::RequestReviewRequest& request) {
  return Run(call, request.name(), request.etag(), [&](Alert& alert) -> absl::StatusOr<AlertStep> {
    RETURN_IF_ERROR(notifications::RequestReview(alert, parts_.clock.Now()));
    return AlertStep::kNone;
  });
}

absl::StatusOr<v1::Alert> AlertCalls::ReturnAlert(const rpc::Call& call,
                                                  const v1::ReturnAlertRequest& request,
                                                  Violations violations) {
  const std::string comment = ReadRemark(request.comment(), "comment", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return Run(call, request.name(), request.etag(), [&](Alert& alert) -> absl::StatusOr<AlertStep> {
    RETURN_IF_ERROR(Return(alert, comment, parts_.clock.Now()));
    return AlertStep::kNone;
  });
}

absl::StatusOr<v1::Alert> AlertCalls::PublishAlert(const rpc::Call& call,
                                                   const v1::PublishAlertRequest& request) {
  return Run(call, request.name(), request.etag(), [&](Alert& alert) {
    return Publish(alert, call.principal().name, parts_.clock.Now());
  });
}

absl::StatusOr<v1::Alert> AlertCalls::CancelAlert(const rpc::Call& call,
                                                  const v1::CancelAlertRequest& request,
                                                  Violations violations) {
  const std::string reason = ReadRemark(request.reason(), "reason", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return Run(call, request.name(), request.etag(),
             [&](Alert& alert) { return Cancel(alert, reason, parts_.clock.Now()); });
}

absl::StatusOr<v1::PreviewAlertResponse> AlertCalls::PreviewAlert(
    const rpc::Call& call, const v1::PreviewAlertRequest& request) {
  ASSIGN_OR_RETURN(const Alert alert, Find(call, request.name()));
  ASSIGN_OR_RETURN(
      const RecipientCount count,
      parts_.counter.Count(alert.content.topic, alert.content.severity, alert.districts));
  v1::PreviewAlertResponse response;
  response.set_recipient_count(count.recipients);
  const std::pair<const char*, int64_t> channels[] = {{"IN_APP", count.in_app},
                                                      {"WEB_PUSH", count.web_push},
                                                      {"EMAIL", count.email},
                                                      {"WEBHOOK", count.webhook}};
  for (const auto& [channel, recipients] : channels) {
    v1::PreviewAlertResponse::Channel& wire = *response.add_channels();
    wire.set_channel(channel);
    wire.set_recipient_count(recipients);
  }
  return response;
}

}  // namespace veche::notifications
