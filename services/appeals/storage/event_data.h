#pragma once

#include <string>

#include "services/appeals/domain/appeal.h"
#include "services/appeals/domain/timeline.h"

namespace veche::appeals {

// A serialized veche.appeals.v1.AppealEvent: the data of the event that `note` describes. `before`
// is the appeal before the change.
std::string EventData(const Appeal& before, const Appeal& appeal, const EventNote& note);

}  // namespace veche::appeals
