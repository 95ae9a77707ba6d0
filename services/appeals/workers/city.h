#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/base/worker.h"
#include "common/observe/telemetry.h"
#include "services/appeals/domain/city_snapshot.h"
#include "veche/directory/v1/directory.grpc.pb.h"

namespace veche::appeals {

// Keeps a copy of the directory in this process, so that a submission makes no call. The copy is
// renewed every half minute, and until the first success every half second. Thread-safe.
class City {
 public:
  City(std::shared_ptr<grpc::Channel> directory, observe::Telemetry telemetry,
       CityDefaults defaults = {});

  void Start() { worker_.Start(); }
  void Stop() { worker_.Stop(); }
  // Reads the directory now. On an error of the directory the last copy stays.
  absl::Status Refresh();
  // The last copy; null before the directory was first reached.
  std::shared_ptr<const CitySnapshot> Get() const;

 private:
  absl::Duration Step();

  const std::unique_ptr<directory::v1::Directory::Stub> directory_;
  const observe::Telemetry telemetry_;
  const CityDefaults defaults_;
  mutable absl::Mutex mutex_;
  std::shared_ptr<const CitySnapshot> snapshot_ ABSL_GUARDED_BY(mutex_);
  Worker worker_;
};

}  // namespace veche::appeals
