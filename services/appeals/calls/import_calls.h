#pragma once

#include <utility>

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/base/id.h"
#include "common/base/texts.h"
#include "common/calendar/working_calendar.h"
#include "common/rpc/call.h"
#include "services/appeals/domain/city_snapshot.h"
#include "services/appeals/storage/store.h"
#include "veche/appeals/v1/appeals.pb.h"

namespace veche::appeals {

// Loading of another system's appeals. Thread-safe; blocking.
class ImportCalls {
 public:
  struct Parts {
    Store& store;
    CityProvider city;
    const WorkingCalendar& calendar;
    const Clock& clock;
    IdSource& ids;
    const Texts& texts;
  };
  // All of `parts` must outlive it.
  explicit ImportCalls(Parts parts) : parts_(std::move(parts)) {}

  absl::StatusOr<v1::ImportAppealsResponse> ImportAppeals(const rpc::Call& call,
                                                          const v1::ImportAppealsRequest& request,
                                                          Violations violations = {});

 private:
  // The appeal of one row as it is stored. Adds what is wrong with the row to `bad`.
  ImportedAppeal ReadRow(const v1::ImportAppealsRequest::Row& row, absl::string_view source,
                         const CitySnapshot* city, absl::Time now, Violations& bad) const;

  const Parts parts_;
};

}  // namespace veche::appeals
