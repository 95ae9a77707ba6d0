#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/api/annotations.pb.h"
#include "tests/api/descriptors.h"

// The files in golden/ list the public API, one element a line. A removed or changed line breaks
// clients. New elements are protected once they are in the file:
// VECHE_UPDATE_GOLDEN=1 ctest -R api_test

namespace veche::testing {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;

using Lines = std::set<std::string>;

Lines Minus(const Lines& some, const Lines& others) {
  Lines rest;
  for (const std::string& line : some) {
    if (!others.contains(line)) rest.insert(line);
  }
  return rest;
}

void ExpectGolden(const std::string& name, const Lines& now) {
  const std::string path = absl::StrCat(VECHE_GOLDEN, "/", name);
  if (std::getenv("VECHE_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path) << absl::StrJoin(now, "\n") << "\n";
    return;
  }
  Lines promised;
  std::ifstream in(path);
  ASSERT_TRUE(in.is_open()) << path;
  for (std::string line; std::getline(in, line);) promised.insert(line);
  EXPECT_EQ(absl::StrJoin(Minus(promised, now), "\n"), "") << "promised in " << path << " and gone";
  const Lines fresh = Minus(now, promised);
  if (fresh.empty()) return;
  std::cout << "New, and not in " << path << " yet (VECHE_UPDATE_GOLDEN=1 ctest -R api_test):\n  "
            << absl::StrJoin(fresh, "\n  ") << std::endl;
}

void AddRoute(const google::api::HttpRule& rule, const MethodDescriptor& method, Lines& lines) {
  const std::pair<const char*, const std::string*> verbs[] = {{"GET", &rule.get()},
                                                              {"POST", &rule.post()},
                                                              {"PUT", &rule.put()},
                                                              {"PATCH", &rule.patch()},
                                                              {"DELETE", &rule.delete_()}};
  for (const auto& [verb, path] : verbs) {
    if (!path->empty()) lines.insert(absl::StrCat(*path, " ", verb, " ", method.full_name()));
  }
  for (const auto& more : rule.additional_bindings()) AddRoute(more, method, lines);
}

std::string TypeOf(const FieldDescriptor& field) {
  std::string type = field.type_name();
  if (field.message_type() != nullptr) type = field.message_type()->full_name();
  if (field.enum_type() != nullptr) type = field.enum_type()->full_name();
  return absl::StrCat(field.is_repeated() ? "repeated " : "",
                      field.has_optional_keyword() ? "optional " : "", type);
}

TEST(GoldenTest, HttpSurface) {
  Lines lines;
  ForEachMethod([&](const MethodDescriptor& method) {
    if (method.options().HasExtension(google::api::http)) {
      AddRoute(method.options().GetExtension(google::api::http), method, lines);
    }
  });
  ExpectGolden("http_surface.txt", lines);
}

TEST(GoldenTest, FieldsKeepNumberTypeAndName) {
  Lines lines;
  ForEachField([&](const FieldDescriptor& field) {
    lines.insert(absl::StrCat(field.containing_type()->full_name(), " ", field.number(), " ",
                              field.name(), " ", TypeOf(field)));
  });
  ForEachEnum([&](const google::protobuf::EnumDescriptor& values) {
    for (int i = 0; i < values.value_count(); ++i) {
      lines.insert(absl::StrCat(values.full_name(), " ", values.value(i)->number(), " ",
                                values.value(i)->name()));
    }
  });
  ForEachMethod([&](const MethodDescriptor& method) {
    lines.insert(absl::StrCat(
        "rpc ", method.full_name(), "(", method.client_streaming() ? "stream " : "",
        method.input_type()->full_name(), ") ", method.server_streaming() ? "stream " : "",
        method.output_type()->full_name()));
  });
  ExpectGolden("descriptors.txt", lines);
}

}  // namespace
}  // namespace veche::testing
