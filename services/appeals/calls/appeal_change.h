#pragma once

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/calendar/working_calendar.h"
#include "common/rpc/call.h"
#include "common/sql/database.h"
#include "services/appeals/domain/changes.h"
#include "services/appeals/domain/keys.h"
#include "services/appeals/storage/store.h"
#include "veche/appeals/v1/appeals.pb.h"

namespace veche::appeals {

// The common part of every call that changes one appeal. One transaction loads the appeal, checks
// the caller's right and the etag, makes and stores the change, and remembers the answer.
// Thread-safe; blocking. All arguments must outlive this object.
class AppealChange {
 public:
  // The role in which the caller acts. kModerator: on any appeal, whatever its department and
  // visibility.
  enum class By { kAuthor, kStaff, kModerator };
  // The appeal to change, as the request names it.
  struct Target {
    absl::string_view name;
    absl::string_view follow_token;
    absl::string_view etag;
  };
  // The change itself; the appeal's `updated` is the time of the change already.
  using Change = absl::FunctionRef<absl::Status(Appeal&, const Actor&, Record&)>;
  // Writes more in the transaction of the change; gets the changed appeal.
  using AlsoWrite = absl::FunctionRef<absl::Status(sql::Transaction&, const Appeal&)>;

  AppealChange(sql::Database& database, Store& store, const WorkingCalendar& calendar,
               const Clock& clock)
      : database_(database), store_(store), calendar_(calendar), clock_(clock) {}

  // Returns the appeal as the caller may see it. APPEAL_NOT_FOUND, NOT_AUTHOR, OTHER_DEPARTMENT,
  // ETAG_MISMATCH, TIMELINE_FULL, and what `change` and `also` return.
  absl::StatusOr<v1::Appeal> Run(const rpc::Call& call, const Target& target, By by, Change change,
                                 AlsoWrite also = WriteNothing) const;
  // For a change that is a single step and nothing else.
  absl::StatusOr<v1::Appeal> RunStep(const rpc::Call& call, const Target& target, By by,
                                     Action action, absl::string_view comment) const;

  // The parts of Run, for calls that need another order of them.
  sql::Database& database() const { return database_; }
  Store& store() const { return store_; }
  const WorkingCalendar& calendar() const { return calendar_; }
  absl::Time Now() const { return WholeMicros(clock_.Now()); }

 private:
  static absl::Status WriteNothing(sql::Transaction&, const Appeal&) { return absl::OkStatus(); }
  // TimelineFull when the timeline, as it is in the transaction, has too many steps.
  absl::Status CheckRoomForSteps(sql::Transaction& transaction, const Appeal& appeal) const;

  sql::Database& database_;
  Store& store_;
  const WorkingCalendar& calendar_;
  const Clock& clock_;
};

}  // namespace veche::appeals
