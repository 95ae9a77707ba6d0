#pragma once

#include "common/base/error.h"
#include "services/directory/domain/city.h"
#include "veche/directory/v1/directory.pb.h"

// From the wire to the domain (wire/city_wire.h is the other direction). Pure functions.

namespace veche::directory {

// The update that a request asks for. An invalid name becomes an empty id, for which CheckUpdate
// adds a violation; an invalid boundary adds one here. A district without area or label gets those
// of its boundary.
City ToUpdate(const v1::ImportDirectoryRequest& request, Violations& violations);

}  // namespace veche::directory
