#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "veche/directory/v1/directory.pb.h"

namespace veche::directory {

// The demo city, Kazan: its districts (boundaries © OpenStreetMap contributors, ODbL 1.0), one
// department of each kind that classification suggests, and the categories.
absl::StatusOr<v1::ImportDirectoryRequest> DemoCity();

// Imports the demo city by ImportDirectory; importing it again changes nothing.
absl::Status LoadDemoCity(std::shared_ptr<grpc::Channel> directory);

}  // namespace veche::directory
