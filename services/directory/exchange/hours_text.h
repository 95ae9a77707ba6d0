#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "services/directory/domain/hours.h"

namespace veche::directory {

// Hours in the notation of OpenStreetMap (the key opening_hours), as far as Hours can hold it:
// "Mo-Fr 08:00-12:00,13:00-17:00; Sa 09:00-15:00; PH off; 2027 Jan 01-08 off", "24/7", a note in
// quotes. A later rule replaces an earlier one for the same days. The Russian names of days and
// words («Пн–Пт 08:00–20:00, Сб выходной», «ежедневно», «круглосуточно») are read as well. Nothing
// for any other text. Pure; thread-safe.
std::optional<Hours> ParseHoursText(absl::string_view text);

// The same notation, with English names.
std::string FormatHoursText(const Hours& hours);

}  // namespace veche::directory
