#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace veche::appeals {

// Loads the demo city's appeals (demo/appeals.tsv) through ImportAppeals, with times relative to
// `now`. A repeated call changes nothing.
absl::Status LoadDemoAppeals(std::shared_ptr<grpc::Channel> appeals, absl::Time now);

}  // namespace veche::appeals
