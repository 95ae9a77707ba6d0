#pragma once

#include "common/base/clock.h"
#include "common/base/id.h"
#include "common/calendar/working_calendar.h"
#include "common/sql/database.h"
#include "services/directory/snapshot/snapshot.h"
#include "services/directory/storage/entry_store.h"
#include "services/directory/wire/links.h"

namespace veche::directory {

// What the calls about organizations and e-services work with. All outlive the calls.
struct EntryParts {
  sql::Database& database;
  EntryStore& entries;
  SnapshotSource& snapshots;
  const WorkingCalendar& calendar;
  const Clock& clock;
  IdSource& ids;
  LinkOptions links;
};

}  // namespace veche::directory
