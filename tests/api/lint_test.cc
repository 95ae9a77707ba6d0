#include <gtest/gtest.h>

#include <set>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/api/annotations.pb.h"
#include "google/api/field_behavior.pb.h"
#include "tests/api/descriptors.h"
#include "veche/options/v1/options.pb.h"

// Rules for our protos that buf cannot check.

namespace veche::testing {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;

template <typename T>
bool HasComment(const T& descriptor) {
  google::protobuf::SourceLocation location;
  return descriptor.GetSourceLocation(&location) && !location.leading_comments.empty();
}

bool IsRequired(const FieldDescriptor& field) {
  const auto& behaviors = field.options().GetRepeatedExtension(google::api::field_behavior);
  return std::find(behaviors.begin(), behaviors.end(), google::api::REQUIRED) != behaviors.end();
}

bool IsRequest(const Descriptor& message) { return absl::EndsWith(message.name(), "Request"); }

bool IsTimestamp(const FieldDescriptor& field) {
  return field.message_type() != nullptr &&
         field.message_type()->full_name() == "google.protobuf.Timestamp";
}

TEST(ApiLintTest, EveryMethodSaysWhoMayCallAndWhatItDoes) {
  ForEachMethod([](const MethodDescriptor& method) {
    EXPECT_TRUE(HasComment(method)) << method.full_name();
    const auto& access = method.options().GetExtension(options::v1::access);
    EXPECT_GT(access.allow_size(), 0) << method.full_name() << " has no access rule";
    for (const int role : access.allow()) {
      EXPECT_NE(role, options::v1::ROLE_UNSPECIFIED) << method.full_name();
    }
    const bool services = absl::c_linear_search(access.allow(), options::v1::SERVICE);
    EXPECT_EQ(services, access.services_size() > 0)
        << method.full_name() << " names services if it allows SERVICE, and only then";
  });
}

// Processes repeat calls of such methods (common/rpc/service_config.h).
TEST(ApiLintTest, AReadSaysThatItHasNoSideEffects) {
  ForEachMethod([](const MethodDescriptor& method) {
    const auto level = method.options().idempotency_level();
    const bool get = method.options().GetExtension(google::api::http).has_get();
    if (get) {
      EXPECT_EQ(level, google::protobuf::MethodOptions::NO_SIDE_EFFECTS) << method.full_name();
    }
    if (method.client_streaming()) {
      EXPECT_EQ(level, google::protobuf::MethodOptions::IDEMPOTENCY_UNKNOWN)
          << method.full_name() << ": a client's stream cannot be repeated";
    }
  });
}

TEST(ApiLintTest, EverythingHasAComment) {
  ForEachMessage(
      [](const Descriptor& message) { EXPECT_TRUE(HasComment(message)) << message.full_name(); });
  ForEachEnum([](const google::protobuf::EnumDescriptor& values) {
    EXPECT_TRUE(HasComment(values)) << values.full_name();
  });
  ForEachField(
      [](const FieldDescriptor& field) { EXPECT_TRUE(HasComment(field)) << field.full_name(); });
}

TEST(ApiLintTest, WhatACallIsAboutIsRequired) {
  ForEachMethod([](const MethodDescriptor& method) {
    for (const char* subject : {"name", "parent"}) {
      const FieldDescriptor* field = method.input_type()->FindFieldByName(subject);
      if (field != nullptr && IsRequest(*method.input_type())) {
        EXPECT_TRUE(IsRequired(*field)) << field->full_name();
      }
    }
  });
}

// All lists have the same fields for paging.
TEST(ApiLintTest, ListsArePagedAlike) {
  // These lists are small and returned as a whole.
  const std::set<std::string> whole = {"ListCategories",
                                       "ListDepartments",
                                       "ListDistricts",
                                       "ListMapLayers",
                                       "ListMessengers",
                                       "ListModels",
                                       "ListOrganizationCategories",
                                       "ListPushSubscriptions",
                                       "ListTopics",
                                       "ListWebhooks"};
  ForEachMethod([&](const MethodDescriptor& method) {
    if (!absl::StartsWith(method.name(), "List") || whole.contains(method.name())) return;
    const FieldDescriptor* size = method.input_type()->FindFieldByName("page_size");
    const FieldDescriptor* token = method.input_type()->FindFieldByName("page_token");
    const FieldDescriptor* next = method.output_type()->FindFieldByName("next_page_token");
    ASSERT_TRUE(size != nullptr && token != nullptr && next != nullptr) << method.full_name();
    EXPECT_EQ(size->type(), FieldDescriptor::TYPE_INT32) << method.full_name();
    EXPECT_EQ(token->type(), FieldDescriptor::TYPE_STRING) << method.full_name();
    EXPECT_TRUE(method.output_type()->field(0)->is_repeated()) << method.full_name();
    for (const char* other : {"limit", "offset", "page", "per_page", "page_number", "next_token"}) {
      EXPECT_EQ(method.input_type()->FindFieldByName(other), nullptr) << method.full_name();
    }
  });
}

TEST(ApiLintTest, TimesAreCalledTimes) {
  ForEachField([](const FieldDescriptor& field) {
    if (!IsTimestamp(field)) return;
    const std::string& name = field.name();
    EXPECT_TRUE(name == "time" || absl::EndsWith(name, "_time") || absl::EndsWith(name, "_after") ||
                absl::EndsWith(name, "_before") || absl::EndsWith(name, "_until"))
        << field.full_name();
  });
}

TEST(ApiLintTest, SecretsAndWordsOfPeopleStayOutOfLogs) {
  const std::set<std::string> secret = {"password",      "code",         "contact", "contacts",
                                        "refresh_token", "access_token", "text",    "follow_token",
                                        "answer",        "totp"};
  ForEachField([&](const FieldDescriptor& field) {
    if (field.type() != FieldDescriptor::TYPE_STRING || !secret.contains(field.name())) return;
    EXPECT_TRUE(field.options().GetExtension(options::v1::sensitive)) << field.full_name();
  });
}

TEST(ApiLintTest, ReadsDoNotTakeABody) {
  ForEachMethod([](const MethodDescriptor& method) {
    if (!method.options().HasExtension(google::api::http)) return;
    const auto& http = method.options().GetExtension(google::api::http);
    const bool read = http.pattern_case() == google::api::HttpRule::kGet;
    EXPECT_TRUE(!read || http.body().empty()) << method.full_name();
    const auto& cache = method.options().GetExtension(options::v1::cache);
    EXPECT_TRUE(read || cache.max_age_seconds() == 0) << method.full_name();
  });
}

}  // namespace
}  // namespace veche::testing
