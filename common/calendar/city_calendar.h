#pragma once

#include "absl/status/statusor.h"
#include "common/calendar/working_calendar.h"
#include "veche/config/v1/config.pb.h"

namespace veche {

// The working calendar of the configured city in its time zone: the embedded one or the file that
// city.calendar_file names, by default the embedded one of Russia. InvalidArgument with reason
// TIME_ZONE_UNKNOWN or CALENDAR_INVALID.
absl::StatusOr<WorkingCalendar> LoadCalendar(const config::v1::City& city);

}  // namespace veche
