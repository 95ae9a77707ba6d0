#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "services/notifications/domain/alert.h"
#include "services/notifications/wire/area.h"

// Warnings of other senders. Pure.

namespace veche::notifications {

// What a CAP message says of one event, in the languages that people read here.
struct CapWarning {
  Severity severity = Severity::kInfo;
  std::string category;  // "Met"
  Titles titles;
  Titles bodies;
  Titles instructions;
  std::string link;  // http or https, or ""
  std::optional<absl::Time> publish_time;
  std::optional<absl::Time> expire_time;
  std::vector<GeoRing> polygons;       // circles are polygons too
  std::vector<std::string> districts;  // names that geocodes "district" give
};

struct CapMessage {
  std::string source;                   // "sender,identifier,sent": what references call it
  std::vector<std::string> references;  // sources of earlier messages
  std::vector<CapWarning> warnings;
};

// Reads a CAP 1.2 document. InvalidArgument with a violation for each element that is absent,
// unknown or badly formed, named by its place: "alert.info[0].severity". Messages other than actual
// alerts and updates are refused, as are those without a language of kLanguages.
absl::StatusOr<CapMessage> ParseCap(absl::string_view document);

}  // namespace veche::notifications
