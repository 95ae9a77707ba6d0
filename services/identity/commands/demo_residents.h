#pragma once

#include <grpcpp/grpcpp.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace veche::identity {

// The residents of a demo whom a newcomer can be: a code for them arrives in the outbox. The first
// is verified, adult and of Vakhitovsky district; of the second, staff have seen no paper.
inline constexpr absl::string_view kVerifiedDemoResident = "aigul@example.org";
inline constexpr absl::string_view kNewDemoResident = "timur@example.org";

struct DemoFiles {
  std::filesystem::path accounts;  // demo-accounts.json
  std::filesystem::path outbox;    // where identity writes codes
};

// Registers these two and a crowd of verified adults, spread over the districts of the demo city,
// by signing in as each of them. A demo account of a SUPERVISOR verifies them. Returns access
// tokens of the crowd. ResourceExhausted when it is called often within an hour.
absl::StatusOr<std::vector<std::string>> SignInDemoResidents(
    const std::shared_ptr<grpc::Channel>& identity, const DemoFiles& files);

// An access token of the first demo account with the role ("EDITOR").
absl::StatusOr<std::string> SignInDemoStaff(const std::shared_ptr<grpc::Channel>& identity,
                                            const std::filesystem::path& accounts,
                                            absl::string_view role);

}  // namespace veche::identity
