#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/demo/demo_files.h"
#include "veche/directory/v1/directory.pb.h"

namespace veche::directory {

// Reads the directory of a demo city: districts, departments, categories, organizations and
// e-services. `language` is the city's main language, in which titles are shown.
absl::StatusOr<v1::ImportDirectoryRequest> ReadDemoCity(const DemoFiles& files,
                                                        absl::string_view language);

// Imports this directory; importing it again changes nothing. FailedPrecondition if the service has
// districts, none of which is the demo's: the data are those of another city.
absl::Status LoadDemoCity(std::shared_ptr<grpc::Channel> directory, const DemoFiles& files,
                          absl::string_view language);

}  // namespace veche::directory
