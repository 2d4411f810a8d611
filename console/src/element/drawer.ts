import 'element-plus/theme-chalk/el-overlay.css'
import 'element-plus/theme-chalk/el-drawer.css'

export { ElDrawer } from 'element-plus/es/components/drawer/index'
