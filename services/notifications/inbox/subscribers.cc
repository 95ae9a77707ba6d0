#include "services/notifications/inbox/subscribers.h"

#include <optional>

#include "common/base/status_macros.h"

namespace veche::notifications {

absl::StatusOr<Subscription> Subscribers::Of(absl::string_view resident,
                                             absl::string_view language) {
  std::optional<Subscription> stored;
  const auto read = [&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(stored, store_.Get(transaction, resident));
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(database_.Read(read));
  if (stored && stored->home_district) return *std::move(stored);

  if (!stored) {
    RETURN_IF_ERROR(database_.Write([&](sql::Transaction& transaction) -> absl::Status {
      RETURN_IF_ERROR(store_.AddDefault(transaction, resident, language, clock_.Now()));
      return read(transaction);
    }));
  }
  // Asked after the row is there: a change of the home district that comes meanwhile is stored by
  // the follower of identity's log, and this answer then stays unused.
  const absl::StatusOr<std::string> home = residents_.HomeOf(resident);
  if (home.ok()) {
    RETURN_IF_ERROR(database_.Write([&](sql::Transaction& transaction) -> absl::Status {
      RETURN_IF_ERROR(store_.SetHome(transaction, resident, *home, /*only_unknown=*/true));
      return read(transaction);
    }));
  }
  return *std::move(stored);
}

}  // namespace veche::notifications
