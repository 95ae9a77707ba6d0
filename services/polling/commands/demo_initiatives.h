#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/demo/demo_files.h"

namespace veche::polling {

// Access tokens of those who take part in the demo's initiatives.
struct DemoParticipants {
  std::vector<std::string> residents;
  std::string moderator;
  std::string editor;
};

// Proposes the initiatives of a demo city (initiatives.tsv) and takes each to its state, with
// supporters and a discussion; those that ExpireDemoInitiatives has to end are left
// gathering support. Goes on where an earlier run of the program ended. `sign_in` is not called
// when all initiatives are there. Returns Cancelled when `stopping` is true between two
// initiatives.
absl::Status LoadDemoInitiatives(const std::shared_ptr<grpc::Channel>& polling,
                                 const DemoFiles& files, const std::string& moderator,
                                 absl::FunctionRef<absl::StatusOr<DemoParticipants>()> sign_in,
                                 const std::function<bool()>& stopping);

// Ends the initiatives of the demo that nobody supported enough. The RPC is for commands alone, so
// this is for the process of polling, which calls itself. Unavailable while LoadDemoInitiatives,
// perhaps of another process, has not made them yet.
absl::Status ExpireDemoInitiatives(const std::shared_ptr<grpc::Channel>& polling,
                                   const DemoFiles& files);

}  // namespace veche::polling
