#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/demo/demo_files.h"

namespace veche::appeals {

// Loads a demo city's appeals (appeals.tsv) through ImportAppeals, with times relative to `now`. A
// repeated call changes nothing.
absl::Status LoadDemoAppeals(std::shared_ptr<grpc::Channel> appeals, const DemoFiles& files,
                             absl::Time now);

}  // namespace veche::appeals
