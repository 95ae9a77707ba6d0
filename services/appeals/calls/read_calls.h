#pragma once

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/texts.h"
#include "common/rpc/call.h"
#include "services/appeals/calls/watchers.h"
#include "services/appeals/domain/city_snapshot.h"
#include "services/appeals/storage/store.h"
#include "veche/appeals/v1/appeals.pb.h"

namespace veche::appeals {

// Reads of one appeal: its present state, its timeline, and a stream of its changes. Thread-safe;
// blocking.
class ReadCalls {
 public:
  // All must outlive it.
  ReadCalls(Store& store, const Texts& texts, WatcherHub& watchers, CityProvider city)
      : store_(store), texts_(texts), watchers_(watchers), city_(std::move(city)) {}

  absl::StatusOr<v1::Appeal> GetAppeal(const rpc::Call& call, const v1::GetAppealRequest& request);
  absl::StatusOr<v1::Timeline> GetTimeline(const rpc::Call& call,
                                           const v1::GetTimelineRequest& request);
  absl::Status WatchAppeal(const rpc::Call& call, const v1::WatchAppealRequest& request,
                           std::shared_ptr<Watcher::Writer> writer);

 private:
  Store& store_;
  const Texts& texts_;
  WatcherHub& watchers_;
  const CityProvider city_;
};

}  // namespace veche::appeals
