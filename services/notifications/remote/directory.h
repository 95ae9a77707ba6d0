#pragma once

#include <memory>

#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/base/worker.h"
#include "common/observe/telemetry.h"
#include "common/rpc/channels.h"
#include "services/notifications/domain/district_map.h"
#include "veche/directory/v1/directory.grpc.pb.h"

namespace veche::notifications {

// Keeps a copy of the directory's districts in this process. The copy is renewed every half minute,
// and until the first success every half second. Thread-safe.
class Directory {
 public:
  // `channels` must outlive the object.
  Directory(rpc::Channels& channels, observe::Telemetry& telemetry);

  void Start() { worker_.Start(); }
  void Stop() { worker_.Stop(); }
  // Reads the directory now. On an error of the directory the last copy stays.
  absl::Status Refresh();
  // The last copy; null before the directory was first reached.
  std::shared_ptr<const DistrictMap> Get() const;

 private:
  absl::Duration Step();

  const std::unique_ptr<directory::v1::Directory::StubInterface> stub_;
  observe::Telemetry& telemetry_;
  mutable absl::Mutex mutex_;
  std::shared_ptr<const DistrictMap> districts_ ABSL_GUARDED_BY(mutex_);
  Worker worker_;
};

}  // namespace veche::notifications
