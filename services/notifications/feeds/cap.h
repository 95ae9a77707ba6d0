#pragma once

#include <string>

#include "absl/time/time.h"
#include "services/notifications/domain/alert.h"
#include "services/notifications/feeds/context.h"
#include "services/notifications/feeds/xml_writer.h"

// Alerts as messages of the Common Alerting Protocol (OASIS CAP 1.2). Pure.

namespace veche::notifications {

inline constexpr char kCapNamespace[] = "urn:oasis:names:tc:emergency:cap:1.2";
inline constexpr char kCapType[] = "application/cap+xml";

// "{id}.{revision}": unique among the city's messages.
std::string CapIdentifier(absl::string_view alert, int64_t revision);
// "2026-12-01T10:00:00+03:00": CAP has neither fractions of seconds nor "Z", and writes UTC
// "-00:00".
std::string CapTime(absl::Time time, absl::TimeZone zone);
// The CAP category of a topic ("topics/weather": "Met"), and the topic of a category.
absl::string_view CapCategory(absl::string_view topic);
absl::string_view TopicOfCategory(absl::string_view category);

// Writes the element <alert> of a publication.
void WriteCap(const PublishedAlert& alert, const FeedContext& context, XmlWriter& xml);
// The same as a document.
std::string CapDocument(const PublishedAlert& alert, const FeedContext& context);

}  // namespace veche::notifications
