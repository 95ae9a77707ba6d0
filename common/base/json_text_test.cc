#include "common/base/json_text.h"

#include <gtest/gtest.h>

namespace veche {
namespace {

TEST(JsonTextTest, WritesNestedValues) {
  JsonText json;
  json.BeginObject().Member("a", "x\"\n\x01").Key("b").BeginArray().Number(1).Bool(true).EndArray();
  json.Key("c").BeginObject().EndObject().Member("d", "").EndObject();
  EXPECT_EQ(json.Take(), "{\"a\":\"x\\\"\\n\\u0001\",\"b\":[1,true],\"c\":{},\"d\":\"\"}");
}

}  // namespace
}  // namespace veche
