#include "common/calendar/city_calendar.h"

#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace veche {
namespace {

constexpr char kDefaultZone[] = "Europe/Moscow";

}  // namespace

absl::StatusOr<WorkingCalendar> LoadCalendar(const config::v1::City& city) {
  const std::string name = city.time_zone().empty() ? kDefaultZone : city.time_zone();
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(name, &zone)) {
    return MakeOperatorError(absl::StatusCode::kInvalidArgument, "calendar", "TIME_ZONE_UNKNOWN",
                             absl::StrCat("The time zone ", name,
                                          " of the configuration is not known to this machine."));
  }
  if (city.calendar_file().empty()) return WorkingCalendar::Russia(zone);
  std::ifstream file(city.calendar_file());
  std::ostringstream json;
  if (!file || !(json << file.rdbuf())) {
    return MakeOperatorError(absl::StatusCode::kInvalidArgument, "calendar", "CALENDAR_INVALID",
                             absl::StrCat("The calendar file ", city.calendar_file(),
                                          " of the configuration cannot be read."));
  }
  return WorkingCalendar::Parse(json.str(), zone);
}

}  // namespace veche
