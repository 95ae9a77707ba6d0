#include "services/notifications/remote/cap_source.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace veche::notifications {
namespace {

absl::Status Refuse(const Text& problem) {
  Violations violations;
  violations.Add("url", problem);
  return violations.ToStatus();
}

}  // namespace

absl::StatusOr<std::string> CapSource::Fetch(const std::string& url) {
  absl::StatusOr<http_client::Response> response = client_.Fetch({.url = url});
  if (response.ok() && response->status == 200) return std::move(response->body);
  if (response.ok()) return Refuse({"URL_STATUS", {{"status", absl::StrCat(response->status)}}});
  switch (response.status().code()) {
    case absl::StatusCode::kInvalidArgument:
      return Refuse("URL_FORM");
    case absl::StatusCode::kPermissionDenied:
      return Refuse("URL_NOT_PUBLIC");
    case absl::StatusCode::kOutOfRange:
      return Refuse("URL_ANSWER_TOO_LARGE");
    default:
      return Refuse("URL_UNREACHABLE");
  }
}

}  // namespace veche::notifications
