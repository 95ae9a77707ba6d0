#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/notifications/domain/alert.h"

namespace veche::notifications::testing {

inline const absl::Time kAlertTime = absl::FromUnixSeconds(1'790'000'000);

// The ULID of alert `n`.
inline std::string AlertUlid(int n) { return absl::StrFormat("01hzy3v0q4m5n6p7q8r9%06d", n); }

struct AlertParts {
  int id = 1;
  AlertState state = AlertState::kDraft;
  Severity severity = Severity::kInfo;
  std::string topic = "topics/utilities";
  std::vector<std::string> districts = {};
};

// An alert of which only the named parts matter.
inline Alert MakeAlert(AlertParts parts) {
  Alert alert{.id = AlertUlid(parts.id),
              .state = parts.state,
              .districts = parts.districts,
              .author = "staff/one",
              .editor = "staff/one",
              .create_time = kAlertTime,
              .update_time = kAlertTime};
  alert.content = {.topic = parts.topic,
                   .severity = parts.severity,
                   .districts = parts.districts,
                   .titles = {{"ru", absl::StrCat("Оповещение ", parts.id)}}};
  return alert;
}

}  // namespace veche::notifications::testing
