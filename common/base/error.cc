#include "common/base/error.h"

#include <optional>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"

namespace veche {
namespace {

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

google::rpc::BadRequest ToBadRequest(
    const std::vector<std::pair<std::string, std::string>>& fields) {
  google::rpc::BadRequest bad_request;
  for (const auto& [field, description] : fields) {
    auto& violation = *bad_request.add_field_violations();
    violation.set_field(field);
    violation.set_description(description);
  }
  return bad_request;
}

}  // namespace

absl::Status MakeError(absl::StatusCode code, absl::string_view domain, absl::string_view reason,
                       absl::string_view message, ErrorMetadata metadata) {
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(reason));
  info.set_domain(std::string(domain));
  for (const auto& [key, value] : metadata) {
    (*info.mutable_metadata())[std::string(key)] = std::string(value);
  }
  absl::Status status(code, message);
  AddDetail(status, info);
  return status;
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

void Violations::Add(absl::string_view field, absl::string_view description) {
  if (IsKnown(field)) return;
  known_.emplace(field);
  fields_.emplace_back(field, description);
}

// Whether the field, or one that it is a part of, is there.
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
  for (const auto& violation : bad_request.field_violations()) {
    Add(violation.field(), violation.description());
  }
  return true;
}

absl::Status Violations::ToStatus() const {
  if (fields_.empty()) return absl::OkStatus();
  absl::Status status = MakeError(
      absl::StatusCode::kInvalidArgument, "veche", "INVALID_FIELDS",
      fields_.size() == 1
          ? absl::StrCat("The field ", fields_[0].first, " is not right: ", fields_[0].second)
          : absl::StrCat(fields_.size(), " fields are not right."));
  AddDetail(status, ToBadRequest(fields_));
  return status;
}

}  // namespace veche
