#include "CKernelsCSV.h"
