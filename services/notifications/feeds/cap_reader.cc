#include "services/notifications/feeds/cap_reader.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <optional>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"
#include "common/base/texts.h"
#include "common/geo/point.h"
#include "common/text/normalize.h"
#include "common/text/utf8.h"
#include "services/notifications/feeds/cap.h"
#include "services/notifications/feeds/xml_reader.h"

namespace veche::notifications {
namespace {

using Words = std::initializer_list<absl::string_view>;

constexpr size_t kLongestTitle = 200;  // characters
constexpr size_t kLongestBody = 10'000;
constexpr size_t kLongestInstruction = 2'000;
constexpr size_t kLongestSource = 500;  // bytes
constexpr size_t kMostReferences = 100;
constexpr int kCircleCorners = 32;
constexpr char kDefaultLanguage[] = "en";  // CAP: en-US

// The words that CAP 1.2 knows.
constexpr Words kStatuses = {"Actual", "Exercise", "System", "Test", "Draft"};
constexpr Words kMessageTypes = {"Alert", "Update", "Cancel", "Ack", "Error"};
constexpr Words kScopes = {"Public", "Restricted", "Private"};
constexpr Words kCategories = {"Geo",    "Met", "Safety",    "Security", "Rescue", "Fire",
                               "Health", "Env", "Transport", "Infra",    "CBRNE",  "Other"};
constexpr Words kUrgencies = {"Immediate", "Expected", "Future", "Past", "Unknown"};
constexpr Words kSeverities = {"Extreme", "Severe", "Moderate", "Minor", "Unknown"};
// "Very Likely" is of CAP 1.0 and read as "Likely".
constexpr Words kCertainties = {"Observed", "Likely",  "Possible",
                                "Unlikely", "Unknown", "Very Likely"};

std::string Place(absl::string_view parent, absl::string_view name) {
  return absl::StrCat(parent, ".", name);
}

bool Knows(Words words, absl::string_view word) { return absl::c_linear_search(words, word); }

// The text of a child that must be there, and one of `words` if any are given.
std::string Require(const XmlElement& element, absl::string_view path, absl::string_view child,
                    Words words, Violations& violations) {
  std::string text = element.TextOf(child);
  if (text.empty()) {
    violations.Add(Place(path, child), "REQUIRED");
  } else if (words.size() > 0 && !Knows(words, text)) {
    violations.Add(Place(path, child), "UNKNOWN_VALUE");
  }
  return text;
}

// A time as CAP writes it: "2026-12-01T10:00:00+03:00".
std::optional<absl::Time> ReadTime(const XmlElement& element, absl::string_view path,
                                   absl::string_view child, Violations& violations) {
  const std::string text = element.TextOf(child);
  if (text.empty()) return std::nullopt;
  absl::Time time;
  std::string error;
  constexpr size_t kSize = sizeof("2026-12-01T10:00:00+03:00") - 1;
  if (text.size() != kSize || !absl::ParseTime("%Y-%m-%d%ET%H:%M:%S%Ez", text, &time, &error)) {
    violations.Add(Place(path, child), "CAP_TIME");
    return std::nullopt;
  }
  return time;
}

std::optional<geo::LatLng> ReadPoint(absl::string_view text) {
  const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(text, ',');
  geo::LatLng point;
  if (!absl::SimpleAtod(parts.first, &point.latitude) ||
      !absl::SimpleAtod(parts.second, &point.longitude) || !geo::IsValid(point)) {
    return std::nullopt;
  }
  return point;
}

std::optional<GeoRing> ReadPolygon(absl::string_view text) {
  GeoRing ring;
  for (absl::string_view pair :
       absl::StrSplit(text, absl::ByAnyChar(" \t\r\n"), absl::SkipEmpty())) {
    const std::optional<geo::LatLng> point = ReadPoint(pair);
    if (!point) return std::nullopt;
    ring.push_back(*point);
  }
  return ring.size() >= 4 && ring.front() == ring.back() ? std::optional(ring) : std::nullopt;
}

// "latitude,longitude radius" in kilometres. A radius of zero is a point and gives no ring.
std::optional<GeoRing> ReadCircle(absl::string_view text) {
  const std::vector<absl::string_view> parts =
      absl::StrSplit(text, absl::ByAnyChar(" \t\r\n"), absl::SkipEmpty());
  if (parts.size() != 2) return std::nullopt;
  const std::optional<geo::LatLng> center = ReadPoint(parts[0]);
  double kilometers = 0;
  if (!center || !absl::SimpleAtod(parts[1], &kilometers) || !(kilometers >= 0) ||
      kilometers > 1'000 || std::abs(center->latitude) > 80) {
    return std::nullopt;
  }
  GeoRing ring;
  if (kilometers == 0) return ring;
  const double degrees = kilometers * 1'000 / geo::kEarthRadiusMeters * 180 / M_PI;
  for (int i = 0; i < kCircleCorners; ++i) {
    const double angle = 2 * M_PI * i / kCircleCorners;
    ring.push_back({.latitude = center->latitude + degrees * std::sin(angle),
                    .longitude = center->longitude + degrees * std::cos(angle) /
                                                         std::cos(center->latitude * M_PI / 180)});
  }
  ring.push_back(ring.front());
  return ring;
}

void ReadArea(const XmlElement& area, const std::string& path, CapWarning& warning,
              Violations& violations) {
  (void)Require(area, path, "areaDesc", {}, violations);
  for (const XmlElement& child : area.children) {
    if (child.space != area.space) continue;
    if (child.name == "polygon" || child.name == "circle") {
      const bool polygon = child.name == "polygon";
      const std::optional<GeoRing> ring =
          polygon ? ReadPolygon(child.text) : ReadCircle(child.text);
      if (!ring) {
        violations.Add(Place(path, child.name), polygon ? "CAP_POLYGON" : "CAP_CIRCLE");
      } else if (!ring->empty()) {
        warning.polygons.push_back(*ring);
      }
    } else if (child.name == "geocode" && child.TextOf("valueName") == "district") {
      warning.districts.push_back(absl::StrCat("districts/", child.TextOf("value")));
    }
  }
}

// The first characters of a text: a draft is for an editor to finish.
std::string Shorten(absl::string_view text, size_t most) {
  return std::string(text::PrefixOf(text::Clean(text), most));
}

std::string LanguageOf(const XmlElement& info) {
  const std::string language = info.TextOf("language");
  const std::string primary(absl::string_view(language).substr(0, language.find('-')));
  return language.empty() ? kDefaultLanguage : primary;
}

Severity SeverityOf(absl::string_view word) {
  if (word == "Extreme" || word == "Severe") return Severity::kEmergency;
  return word == "Moderate" ? Severity::kWarning : Severity::kInfo;
}

CapWarning ReadInfo(const XmlElement& info, const std::string& path, Violations& violations) {
  CapWarning warning;
  warning.category = Require(info, path, "category", kCategories, violations);
  const std::string event = Require(info, path, "event", {}, violations);
  (void)Require(info, path, "urgency", kUrgencies, violations);
  warning.severity = SeverityOf(Require(info, path, "severity", kSeverities, violations));
  (void)Require(info, path, "certainty", kCertainties, violations);
  const std::string language = LanguageOf(info);
  const std::string headline = info.TextOf("headline");
  // A title is one line.
  std::string title = absl::StrJoin(absl::StrSplit(headline.empty() ? event : headline,
                                                   absl::ByAnyChar("\r\n\t"), absl::SkipEmpty()),
                                    " ");
  warning.titles[language] = Shorten(title, kLongestTitle);
  if (const std::string text = info.TextOf("description"); !text.empty()) {
    warning.bodies[language] = Shorten(text, kLongestBody);
  }
  if (const std::string text = info.TextOf("instruction"); !text.empty()) {
    warning.instructions[language] = Shorten(text, kLongestInstruction);
  }
  const std::string web = info.TextOf("web");
  if (absl::StartsWith(web, "https://") || absl::StartsWith(web, "http://")) warning.link = web;
  warning.publish_time = ReadTime(info, path, "effective", violations);
  warning.expire_time = ReadTime(info, path, "expires", violations);
  int areas = 0;
  for (const XmlElement& child : info.children) {
    if (child.name != "area" || child.space != info.space) continue;
    ReadArea(child, absl::StrCat(path, ".area[", areas++, "]"), warning, violations);
  }
  return warning;
}

// Whether `next` says the same as `warning` in another language.
bool Translates(const CapWarning& warning, const CapWarning& next) {
  const bool same_area = next.polygons.empty() || warning.polygons == next.polygons;
  return same_area && warning.category == next.category && warning.severity == next.severity &&
         warning.expire_time == next.expire_time &&
         !warning.titles.contains(next.titles.begin()->first);
}

void ReadInfos(const XmlElement& alert, CapMessage& message, Violations& violations) {
  int infos = 0;
  bool understood = false;
  for (const XmlElement& child : alert.children) {
    if (child.name != "info" || child.space != alert.space) continue;
    CapWarning next = ReadInfo(child, absl::StrCat("alert.info[", infos++, "]"), violations);
    if (!IsLanguage(next.titles.begin()->first)) continue;
    understood = true;
    if (message.warnings.empty() || !Translates(message.warnings.back(), next)) {
      message.warnings.push_back(std::move(next));
      continue;
    }
    CapWarning& warning = message.warnings.back();
    warning.titles.merge(next.titles);
    warning.bodies.merge(next.bodies);
    warning.instructions.merge(next.instructions);
  }
  if (infos == 0) violations.Add("alert.info", "REQUIRED");
  if (infos > 0 && !understood) violations.Add("alert.info", "CAP_LANGUAGE");
}

// CAP forbids spaces, commas, "<" and "&" in them, so that references can be told apart.
void CheckPart(const std::string& text, absl::string_view path, Violations& violations) {
  if (text.find_first_of(" ,<&\t\r\n") != std::string::npos) {
    violations.Add(path, "CAP_IDENTIFIER");
  } else if (text.size() > kLongestSource) {
    violations.Add(path, {"TOO_MANY_BYTES", {{"most", absl::StrCat(kLongestSource)}}});
  }
}

void ReadReferences(const XmlElement& alert, bool update, CapMessage& message,
                    Violations& violations) {
  message.references =
      absl::StrSplit(alert.TextOf("references"), absl::ByAnyChar(" \t\r\n"), absl::SkipEmpty());
  if (update && message.references.empty()) violations.Add("alert.references", "REQUIRED");
  if (message.references.size() > kMostReferences) message.references.resize(kMostReferences);
  for (const std::string& reference : message.references) {
    if (std::count(reference.begin(), reference.end(), ',') == 2) continue;
    violations.Add("alert.references", "CAP_REFERENCES");
  }
}

}  // namespace

absl::StatusOr<CapMessage> ParseCap(absl::string_view document) {
  ASSIGN_OR_RETURN(const XmlElement alert, ParseXml(document, "body"));
  Violations violations;
  if (alert.name != "alert" || alert.space != kCapNamespace) {
    violations.Add("alert", "CAP_ROOT");
    return violations.ToStatus();
  }
  CapMessage message;
  const std::string identifier = Require(alert, "alert", "identifier", {}, violations);
  CheckPart(identifier, "alert.identifier", violations);
  const std::string sender = Require(alert, "alert", "sender", {}, violations);
  CheckPart(sender, "alert.sender", violations);
  const std::string sent = Require(alert, "alert", "sent", {}, violations);
  (void)ReadTime(alert, "alert", "sent", violations);
  message.source = absl::StrCat(sender, ",", identifier, ",", sent);
  const std::string status = Require(alert, "alert", "status", kStatuses, violations);
  if (Knows(kStatuses, status) && status != "Actual") {
    violations.Add("alert.status", "CAP_NOT_ACTUAL");
  }
  const std::string type = Require(alert, "alert", "msgType", kMessageTypes, violations);
  if (Knows(kMessageTypes, type) && type != "Alert" && type != "Update") {
    violations.Add("alert.msgType", "CAP_NOT_A_WARNING");
  }
  const std::string scope = Require(alert, "alert", "scope", kScopes, violations);
  if (Knows(kScopes, scope) && scope != "Public") violations.Add("alert.scope", "CAP_NOT_PUBLIC");
  ReadReferences(alert, type == "Update", message, violations);
  ReadInfos(alert, message, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return message;
}

}  // namespace veche::notifications
