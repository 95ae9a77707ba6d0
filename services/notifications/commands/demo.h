#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/demo/demo_files.h"

namespace veche::notifications {

// Publishes the alerts of a demo city's alerts.tsv as the operators' commands: running ones,
// planned ones and past ones, by hours from `now`. An alert whose title is known is not made again,
// so a repeated call goes on where an earlier one ended. Unavailable while the districts of the
// city are not known yet. Errors are those of the calls, and Internal for a table that is wrong.
absl::Status LoadDemoAlerts(const std::shared_ptr<grpc::Channel>& notifications,
                            const DemoFiles& files, absl::Time now);

}  // namespace veche::notifications
