#include "common/base/error.h"

#include <optional>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/rpc/error_details.pb.h"

namespace veche {
namespace {

constexpr absl::string_view kNoText = "NONE";  // no catalogue row: the message stays

template <typename Detail>
std::string TypeUrl() {
  return absl::StrCat("type.googleapis.com/", Detail::descriptor()->full_name());
}

template <typename Detail>
std::optional<Detail> FindDetail(const absl::Status& status) {
  auto payload = status.GetPayload(TypeUrl<Detail>());
  Detail detail;
  if (!payload || !detail.ParseFromString(std::string(*payload))) return std::nullopt;
  return detail;
}

template <typename Detail>
void AddDetail(absl::Status& status, const Detail& detail) {
  status.SetPayload(TypeUrl<Detail>(), absl::Cord(detail.SerializeAsString()));
}

using FieldViolation = google::rpc::BadRequest::FieldViolation;

google::rpc::BadRequest ToBadRequest(const std::vector<std::pair<std::string, Text>>& fields) {
  google::rpc::BadRequest bad_request;
  for (const auto& [field, problem] : fields) {
    FieldViolation& violation = *bad_request.add_field_violations();
    violation.set_field(field);
    violation.set_reason(problem.id);
    for (const auto& [name, value] : problem.arguments)
      (*violation.mutable_arguments())[name] = value;
  }
  return bad_request;
}

template <typename Map>
Text ToText(absl::string_view id, const Map& arguments) {
  Text text(id);
  text.arguments.assign(arguments.begin(), arguments.end());
  return text;
}

// The text of a violation. A violation from an older version has a description only.
std::string ProblemIn(const FieldViolation& violation, const Texts& texts,
                      absl::string_view language) {
  if (violation.reason().empty()) return violation.description();
  return texts.Get(ToText(violation.reason(), violation.arguments()), language);
}

// The text of INVALID_FIELDS: the problem of a single field, or the names of several fields.
Text SummaryOf(const google::rpc::BadRequest& bad, const Texts& texts, absl::string_view language) {
  if (bad.field_violations_size() == 1) {
    const FieldViolation& violation = bad.field_violations(0);
    return Text("INVALID_FIELD",
                {{"field", violation.field()}, {"problem", ProblemIn(violation, texts, language)}});
  }
  return Text("INVALID_FIELDS",
              {{"fields", absl::StrJoin(bad.field_violations(), ", ",
                                        [](std::string* out, const FieldViolation& violation) {
                                          out->append(violation.field());
                                        })}});
}

// `status` with its details, but with the message `message`.
absl::Status WithMessage(const absl::Status& status, absl::string_view message) {
  absl::Status result(status.code(), message);
  status.ForEachPayload([&](absl::string_view type_url, const absl::Cord& payload) {
    result.SetPayload(type_url, payload);
  });
  return result;
}

}  // namespace

absl::Status MakeError(absl::StatusCode code, absl::string_view domain, absl::string_view reason,
                       ErrorMetadata metadata, absl::string_view text) {
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(reason));
  info.set_domain(std::string(domain));
  info.set_text(std::string(text));
  for (const auto& [key, value] : metadata) {
    (*info.mutable_metadata())[std::string(key)] = std::string(value);
  }
  absl::Status status(code, reason);
  AddDetail(status, info);
  return status;
}

absl::Status MakeOperatorError(absl::StatusCode code, absl::string_view domain,
                               absl::string_view reason, absl::string_view message) {
  return WithMessage(MakeError(code, domain, reason, {}, kNoText), message);
}

absl::Status WithRetryAfter(absl::Status status, absl::Duration delay) {
  google::rpc::RetryInfo info;
  info.mutable_retry_delay()->set_seconds(absl::ToInt64Seconds(delay));
  info.mutable_retry_delay()->set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(delay % absl::Seconds(1))));
  AddDetail(status, info);
  return status;
}

std::string ErrorReason(const absl::Status& status) {
  auto info = FindDetail<google::rpc::ErrorInfo>(status);
  return info ? info->reason() : "";
}

std::string ErrorMetadataValue(const absl::Status& status, absl::string_view key) {
  auto info = FindDetail<google::rpc::ErrorInfo>(status);
  if (!info) return "";
  auto it = info->metadata().find(std::string(key));
  return it == info->metadata().end() ? "" : it->second;
}

absl::Duration RetryAfter(const absl::Status& status) {
  auto info = FindDetail<google::rpc::RetryInfo>(status);
  if (!info) return absl::ZeroDuration();
  return absl::Seconds(info->retry_delay().seconds()) +
         absl::Nanoseconds(info->retry_delay().nanos());
}

absl::Status Localize(const absl::Status& status, const Texts& texts, absl::string_view language) {
  auto info = FindDetail<google::rpc::ErrorInfo>(status);
  if (!info || FindDetail<google::rpc::LocalizedMessage>(status)) return status;
  Text english = ToText(info->text().empty() ? info->reason() : info->text(), info->metadata());
  if (!texts.Has(english.id)) return status;
  Text localized = english;
  auto bad = FindDetail<google::rpc::BadRequest>(status);
  if (bad) {
    english = SummaryOf(*bad, texts, "en");
    localized = SummaryOf(*bad, texts, language);
    for (FieldViolation& violation : *bad->mutable_field_violations()) {
      violation.set_description(ProblemIn(violation, texts, language));
      violation.clear_arguments();
    }
  }
  absl::Status result = WithMessage(status, texts.Get(english, "en"));
  info->clear_text();
  AddDetail(result, *info);
  if (bad) AddDetail(result, *bad);
  google::rpc::LocalizedMessage message;
  message.set_locale(std::string(language));
  message.set_message(texts.Get(localized, language));
  AddDetail(result, message);
  return result;
}

std::string LocalizedMessage(const absl::Status& status) {
  auto message = FindDetail<google::rpc::LocalizedMessage>(status);
  return message ? message->message() : "";
}

std::string LocalizedIn(const absl::Status& status) {
  auto message = FindDetail<google::rpc::LocalizedMessage>(status);
  return message ? message->locale() : "";
}

void Violations::Add(absl::string_view field, const Text& problem) {
  if (IsKnown(field)) return;
  known_.emplace(field);
  fields_.emplace_back(field, problem);
}

// Whether there is a violation of the field, or of a field that contains it.
bool Violations::IsKnown(absl::string_view field) const {
  if (known_.empty()) return false;
  if (known_.contains(field)) return true;
  for (size_t i = 1; i < field.size(); ++i) {
    if ((field[i] == '.' || field[i] == '[') && known_.contains(field.substr(0, i))) return true;
  }
  return false;
}

std::string Violations::Serialize() const { return ToBadRequest(fields_).SerializeAsString(); }

bool Violations::AddSerialized(absl::string_view wire) {
  google::rpc::BadRequest bad_request;
  if (!bad_request.ParseFromArray(wire.data(), static_cast<int>(wire.size()))) return false;
  for (const FieldViolation& violation : bad_request.field_violations()) {
    // A violation from an older version has a description only, which is shown unchanged.
    Add(violation.field(),
        ToText(violation.reason().empty() ? violation.description() : violation.reason(),
               violation.arguments()));
  }
  return true;
}

absl::Status Violations::ToStatus() const {
  if (fields_.empty()) return absl::OkStatus();
  absl::Status status =
      WithMessage(MakeError(absl::StatusCode::kInvalidArgument, "veche", "INVALID_FIELDS"),
                  absl::StrCat("INVALID_FIELDS: ",
                               absl::StrJoin(fields_, ", ", [](auto* out, const auto& field) {
                                 absl::StrAppend(out, field.first, " ", field.second.id);
                               })));
  AddDetail(status, ToBadRequest(fields_));
  return status;
}

}  // namespace veche
