#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/blob/store.h"
#include "common/observe/telemetry.h"
#include "veche/config/v1/config.pb.h"

namespace veche::blob {

// The files of a service, which all its replicas share: in the bucket of the config under the
// prefix
// "<service>/", in the service's own folder in blobs.folder, or in `name` in data_dir.
// FailedPrecondition when the credentials of the bucket cannot be read; else as OpenS3 and
// OpenFolder.
absl::StatusOr<std::unique_ptr<Store>> Open(const config::v1::Blobs& config,
                                            const std::filesystem::path& data_dir,
                                            absl::string_view service, absl::string_view name,
                                            observe::Telemetry telemetry);

// What of `config` allows no bucket, without reading its files: "url: must begin with https://.";
// empty when all is right.
std::vector<std::string> S3Faults(const config::v1::S3& config);

}  // namespace veche::blob
