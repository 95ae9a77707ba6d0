#include "services/notifications/feeds/cap.h"

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "services/notifications/wire/area.h"

namespace veche::notifications {
namespace {

// Topics of a new city. Any other topic is "Other".
constexpr std::pair<absl::string_view, absl::string_view> kCategories[] = {
    {"topics/weather", "Met"},       {"topics/safety", "Safety"},   {"topics/health", "Health"},
    {"topics/traffic", "Transport"}, {"topics/utilities", "Infra"},
};

// Categories of other senders whose subject is safety here.
constexpr absl::string_view kSafety[] = {"Geo", "Security", "Rescue", "Fire", "Env", "CBRNE"};

struct Levels {
  absl::string_view urgency;
  absl::string_view severity;
};

Levels LevelsOf(Severity severity) {
  switch (severity) {
    case Severity::kInfo:
      return {"Unknown", "Minor"};
    case Severity::kWarning:
      return {"Expected", "Moderate"};
    case Severity::kEmergency:
      return {"Immediate", "Severe"};
  }
  return {};
}

absl::string_view MessageType(absl::string_view post) {
  if (post == kAlertPublished) return "Alert";
  return post == kAlertUpdated ? "Update" : "Cancel";
}

void WriteResources(const AlertRevision& revision, const FeedContext& context, XmlWriter& xml) {
  for (const AlertFile& file : revision.content.files) {
    xml.Begin("resource");
    xml.Element("resourceDesc", file.title.empty() ? file.content_type : file.title);
    xml.Element("mimeType", file.content_type);
    xml.Element("size", absl::StrCat(file.size_bytes));
    xml.Element("uri", absl::StrCat(context.public_url, "/v1/alertFiles/", file.hash));
    xml.End();
  }
}

void WriteArea(const PublishedAlert& alert, const FeedContext& context, absl::string_view language,
               XmlWriter& xml) {
  xml.Begin("area");
  xml.Element("areaDesc", context.PlaceTitle(alert.post.districts, language));
  // CAP knows no holes: a polygon is its outer ring.
  for (const GeoRing& ring : OuterRings(alert.revision.content.area)) {
    xml.Element("polygon", absl::StrJoin(ring, " ", [](std::string* out, const geo::LatLng& point) {
                  absl::StrAppendFormat(out, "%.6f,%.6f", point.latitude, point.longitude);
                }));
  }
  for (const std::string& district : alert.post.districts) {
    xml.Begin("geocode");
    xml.Element("valueName", "district");
    xml.Element("value", absl::StripPrefix(district, "districts/"));
    xml.End();
  }
  xml.End();
}

void WriteInfo(const PublishedAlert& alert, const FeedContext& context, const std::string& language,
               XmlWriter& xml) {
  const AlertRevision& revision = alert.revision;
  const AlertContent& content = revision.content;
  const Levels levels = LevelsOf(content.severity);
  const absl::Time effective = revision.publish_time.value_or(revision.create_time);
  xml.Begin("info");
  xml.Element("language", language);
  xml.Element("category", CapCategory(content.topic));
  xml.Element("event", context.TopicTitle(content.topic, language));
  xml.Element("urgency", levels.urgency);
  xml.Element("severity", levels.severity);
  xml.Element("certainty", "Unknown");  // editors do not say it
  xml.Element("effective", CapTime(effective, context.zone));
  if (revision.expire_time) xml.Element("expires", CapTime(*revision.expire_time, context.zone));
  xml.Element("senderName", context.city);
  xml.Element("headline", TitleIn(content.titles, language));
  xml.Element("description", TitleIn(content.bodies, language));
  xml.Element("instruction", TitleIn(content.instructions, language));
  xml.Element("web", content.link.empty()
                         ? absl::StrCat(context.public_url, "/", AlertName(revision.alert))
                         : content.link);
  WriteResources(revision, context, xml);
  WriteArea(alert, context, language, xml);
  xml.End();
}

}  // namespace

std::string CapIdentifier(absl::string_view alert, int64_t revision) {
  return absl::StrCat(alert, ".", revision);
}

std::string CapTime(absl::Time time, absl::TimeZone zone) {
  std::string text = absl::FormatTime("%Y-%m-%d%ET%H:%M:%S%Ez", time, zone);
  if (absl::EndsWith(text, "+00:00")) text[text.size() - 6] = '-';
  return text;
}

absl::string_view CapCategory(absl::string_view topic) {
  for (const auto& [name, category] : kCategories) {
    if (name == topic) return category;
  }
  return "Other";
}

absl::string_view TopicOfCategory(absl::string_view category) {
  for (const auto& [name, known] : kCategories) {
    if (known == category) return name;
  }
  for (const absl::string_view known : kSafety) {
    if (known == category) return "topics/safety";
  }
  return "";
}

void WriteCap(const PublishedAlert& alert, const FeedContext& context, XmlWriter& xml) {
  const AlertRevision& revision = alert.revision;
  const std::string sender = context.Host();
  xml.Begin("alert", {{"xmlns", kCapNamespace}});
  xml.Element("identifier", CapIdentifier(revision.alert, revision.revision));
  xml.Element("sender", sender);
  xml.Element("sent", CapTime(revision.create_time, context.zone));
  xml.Element("status", "Actual");
  xml.Element("msgType", MessageType(alert.post.type));
  xml.Element("scope", "Public");
  xml.Element("note", revision.cancel_reason);
  xml.Element(
      "references",
      absl::StrJoin(revision.references, " ", [&](std::string* out, const AlertReference& earlier) {
        absl::StrAppend(out, sender, ",", CapIdentifier(earlier.alert, earlier.revision), ",",
                        CapTime(earlier.time, context.zone));
      }));
  // The city's language comes first: many readers take the first <info> alone.
  const Titles& titles = revision.content.titles;
  if (titles.contains(context.language)) WriteInfo(alert, context, context.language, xml);
  for (const auto& [language, title] : titles) {
    if (language != context.language) WriteInfo(alert, context, language, xml);
  }
  xml.End();
}

std::string CapDocument(const PublishedAlert& alert, const FeedContext& context) {
  XmlWriter xml;
  WriteCap(alert, context, xml);
  return xml.Finish();
}

}  // namespace veche::notifications
