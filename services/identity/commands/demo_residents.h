#pragma once

#include <grpcpp/grpcpp.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/demo/demo_files.h"

namespace veche::identity {

struct DemoPaths {
  std::filesystem::path accounts;  // demo-accounts.json
  std::filesystem::path outbox;    // where identity writes codes
};

// Registers the residents of a demo city (residents.tsv) by signing in as each of them. A demo
// account of a SUPERVISOR verifies those with a district. Returns access tokens of the residents
// for whom the demo acts; a newcomer can be one of the others, because a code for them arrives in
// the outbox. ResourceExhausted when it is called often within an hour.
absl::StatusOr<std::vector<std::string>> SignInDemoResidents(
    const std::shared_ptr<grpc::Channel>& identity, const DemoFiles& files, const DemoPaths& paths);

// An access token of the first demo account with the role ("EDITOR").
absl::StatusOr<std::string> SignInDemoStaff(const std::shared_ptr<grpc::Channel>& identity,
                                            const std::filesystem::path& accounts,
                                            absl::string_view role);

}  // namespace veche::identity
