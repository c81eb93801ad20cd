// The C++ headers are used by CTorch alone; Swift imports nothing from here.
