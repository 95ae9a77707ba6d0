// Headers of pch.h and GoogleTest.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cmake/pch.h"
